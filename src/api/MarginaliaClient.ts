import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Authentication } from "./Authentication.ts"
import { MarginaliaApi } from "./MarginaliaApi.ts"

/** The bearer token that requests carry. Provide it around a call, or once around all. */
export const BearerToken = Context.Reference<Redacted.Redacted>("marginalia/api/MarginaliaClient/BearerToken", {
  defaultValue: () => Redacted.make("")
})

const authenticationClient = HttpApiMiddleware.layerClient(
  Authentication,
  Effect.fnUntraced(function*({ next, request }) {
    const token = yield* BearerToken
    return yield* next(HttpClientRequest.bearerToken(request, token))
  })
)

/** A typed client of both contracts. It needs an `HttpClient` (`FetchHttpClient.layer` will do) and none of the server's code. */
export class MarginaliaClient extends Context.Service<MarginaliaClient, HttpApiClient.ForApi<typeof MarginaliaApi>>()(
  "marginalia/api/MarginaliaClient"
) {
  static readonly layer = (baseUrl: string) =>
    Layer.effect(MarginaliaClient, HttpApiClient.make(MarginaliaApi, { baseUrl })).pipe(
      Layer.provide(authenticationClient)
    )
}
