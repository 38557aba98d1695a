import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logging from "../platform/Logging.ts"
import { readLogging } from "../platform/settings.ts"
import { migrateReadModel } from "./migration/migrateReadModel.ts"
import { resourceHandler } from "./migration/resourceHandler.ts"
import { untraced } from "./service/untraced.ts"

// Nothing fails the start of this container: CloudFormation would wait for its answer. A wrong setting fails the request.
const logging = Layer.unwrap(
  readLogging.pipe(
    Effect.orElseSucceed(() => ({ logLevel: "Info", logFormat: "json" }) as const),
    Effect.map(Logging.layer)
  )
)

/** What migrates the read model, as a Lambda: a custom resource of the template, made anew when the migrations change. */
export const handler = resourceHandler({ provide: migrateReadModel, logging: Layer.merge(logging, untraced) })
