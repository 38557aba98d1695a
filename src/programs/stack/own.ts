import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { DevelopmentTokenApi } from "../../api/DevelopmentTokenApi.ts"
import { developmentTokenHandlers } from "../../api/handlers/developmentTokenHandlers.ts"
import { envelope } from "../../api/handlers/envelope.ts"
import { health, healthPaths, Readiness } from "../../api/handlers/operations.ts"
import { requestRulesLayer } from "../../api/handlers/requestRules.ts"
import { pathsOf, RouteTable } from "../../api/handlers/RouteTable.ts"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../../platform/DevelopmentTokens.ts"
import { RateLimits } from "../../platform/RateLimits.ts"
import { TokenVerifier } from "../../platform/TokenVerifier.ts"
import { listening, routing, urlOf } from "../service/server.ts"

const keysPath = "/.well-known/jwks.json"

const table = new RouteTable([
  ...pathsOf(DevelopmentTokenApi),
  ...healthPaths,
  { template: keysPath, methods: ["GET"] }
])

const tokens = HttpApiBuilder.layer(DevelopmentTokenApi).pipe(
  Layer.provide(developmentTokenHandlers),
  Layer.provide(requestRulesLayer)
)

const keys = HttpRouter.use((router) =>
  Effect.flatMap(
    DevelopmentTokens,
    ({ published }) => router.add("GET", keysPath, HttpServerResponse.jsonUnsafe(published))
  )
)

const verifier = Layer.unwrap(
  Effect.map(
    DevelopmentTokens,
    ({ keys }) => TokenVerifier.layer({ issuer: developmentIssuer, audience: developmentAudience, keys })
  )
)

/** The addresses at which the parts of the stack say whether they are ready; each is known once its part has started. */
export class ReadinessAddresses extends Context.Service<ReadinessAddresses, {
  readonly parts: ReadonlyArray<string>
  readonly addressOf: (part: string) => string | undefined
}>()("marginalia/programs/stack/own/ReadinessAddresses") {}

const readiness = Layer.effect(
  Readiness,
  Effect.gen(function*() {
    const { addressOf, parts } = yield* ReadinessAddresses
    const client = yield* HttpClient.HttpClient
    const isReady = (part: string) =>
      Effect.suspend(() => {
        const address = addressOf(part)
        return address === undefined
          ? Effect.succeed(false)
          : Effect.map(client.get(address), ({ status }) => status === 200)
      }).pipe(Effect.orElseSucceed(() => false))
    return Readiness.of({ checks: Object.fromEntries(parts.map((part) => [part, isReady(part)])) })
  })
).pipe(Layer.provide(FetchHttpClient.layer))

/**
 * What only the local stack has: an issuer of development tokens, whose keys the services fetch as they would a real
 * one's, and the health of all parts together. It listens on a port of its own, behind the entry point.
 */
export class OwnServer extends Context.Service<OwnServer, {
  readonly url: string
  readonly jwksUrl: string
}>()("marginalia/programs/stack/own/OwnServer") {
  static readonly layer = (place: { readonly host: string; readonly port: number }) =>
    Layer.effect(
      OwnServer,
      Effect.map(HttpServer.HttpServer, (server) => {
        const url = urlOf(server, place.host)
        return OwnServer.of({ url, jwksUrl: `${url}${keysPath}` })
      })
    ).pipe(
      Layer.provide(
        HttpRouter.serve(Layer.mergeAll(tokens, keys, health, envelope(table)), routing).pipe(
          Layer.provideMerge(listening({ ...place, shutdownTimeout: Duration.seconds(5) }))
        )
      ),
      Layer.provide([verifier, RateLimits.layerUnlimited, readiness])
    )
}
