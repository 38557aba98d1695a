import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { envelope } from "../../api/handlers/envelope.ts"
import { operations, operationsPaths } from "../../api/handlers/operations.ts"
import { RouteTable } from "../../api/handlers/RouteTable.ts"
import { RateLimits } from "../../platform/RateLimits.ts"
import { TokenRejected, TokenVerifier } from "../../platform/TokenVerifier.ts"
import { listening, routing, type ServerSettings, urlOf } from "./server.ts"
import { untraced } from "./untraced.ts"

// Nothing here needs a token, so none is believed.
const nobody = Layer.succeed(TokenVerifier, {
  verify: () => Effect.fail(new TokenRejected({ reason: "there is nothing here that needs one" })),
  awaitsKeys: () => false,
  issuersNameOf: (scope) => scope
})

const routes = Layer.merge(operations, envelope(new RouteTable(operationsPaths)))

/** Health and metrics on a port of their own, which clients don't reach. */
export class Management extends Context.Service<Management, {
  readonly url: string
}>()("marginalia/programs/service/Management") {
  static readonly layer = (settings: ServerSettings) =>
    Layer.effect(
      Management,
      Effect.map(HttpServer.HttpServer, (server) => Management.of({ url: urlOf(server, settings.host) }))
    ).pipe(
      Layer.provide(HttpRouter.serve(routes, routing).pipe(Layer.provideMerge(listening(settings)))),
      // Who looks whether this program is alive does so all day long.
      Layer.provide([nobody, RateLimits.layerUnlimited, untraced])
    )
}
