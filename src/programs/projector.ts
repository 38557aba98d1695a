import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Logging from "../platform/Logging.ts"
import * as Postgres from "../platform/Postgres.ts"
import { Projector } from "../projections/Projector.ts"
import { commitsIn } from "../projections/streamRecords.ts"
import { streamHandler } from "./lambda/streamHandler.ts"
import { forgetfulCache } from "./projector/forgetfulCache.ts"
import { lazyEventStore } from "./projector/lazyEventStore.ts"
import { measureBatch } from "./projector/measureBatch.ts"
import { readProjectorSettings } from "./projector/settings.ts"
import { untraced } from "./service/untraced.ts"

// A wrong setting fails the start of the container, with a sentence that Lambda logs.
const settings = await Effect.runPromise(readProjectorSettings)

// A container works on one batch at a time, and a batch is one transaction at a time.
const readModel = Postgres.layerOf({ ...settings.database, maxConnections: 1 }, "marginalia-projector")

const project = (records: ReadonlyArray<unknown>) =>
  Effect.flatMap(Projector, ({ project }) => Effect.flatMap(commitsIn(records), project)).pipe(
    Effect.tap(measureBatch),
    Effect.asVoid
  )

/** The projector as a Lambda: the records of the events table's stream, into the read model. */
export const handler = streamHandler({
  layer: Projector.layer.pipe(
    Layer.provideMerge(readModel),
    Layer.provide([forgetfulCache(settings), lazyEventStore(settings)])
  ),
  isAlive: Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1`),
  process: project,
  atOnce: 100,
  logging: Layer.merge(Logging.layer(settings), untraced)
})
