import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { AcceptedAnswer } from "./AsyncCommands.ts"
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

type Accepted = typeof AcceptedAnswer.Type

const isDecided = <A extends { readonly headers: object }>(answer: A): answer is Exclude<A, Accepted> =>
  !("preference-applied" in answer.headers)

/**
 * The answer of a command that is sent without `Prefer: respond-async`: it isn't the one that is given before the command
 * is decided. A server that gives it all the same breaks the contract.
 */
export const decidedAtOnce = <A extends { readonly headers: object }, E, R>(
  command: Effect.Effect<A, E, R>
): Effect.Effect<Exclude<A, Accepted>, E, R> =>
  Effect.filterOrElse(
    command,
    isDecided,
    () => Effect.die(new Error("the server put off a command that was to be decided at once"))
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
