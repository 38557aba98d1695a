import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { RateLimits } from "../../platform/RateLimits.ts"
import { TokenVerifier } from "../../platform/TokenVerifier.ts"
import { CountedQuery, QueryCaller } from "../RequestRules.ts"
import { bearerOf } from "./authentication.ts"
import { addressCaller, spend, userCaller } from "./rateLimiting.ts"

// A query needn't have a token: its issuer being away or slow is no reason to wait. That this process is busy is none to take
// it for somebody else's.
const longestWaitForKeys = "50 millis"

/**
 * Whose a query is: its user's if it comes with a valid token, else its address's. Nothing that is wrong with a token, or with
 * those who could tell, is said here: that is for who needs one.
 */
const callerOf = (verifier: TokenVerifier["Service"], authorization: string | undefined): Effect.Effect<string> => {
  const credential = bearerOf(authorization)
  if (Redacted.value(credential) === "") return addressCaller
  const keysAreLate = Effect.andThen(
    Effect.sleep(longestWaitForKeys),
    Effect.suspend(() => verifier.awaitsKeys(credential) ? Effect.fail("late") : Effect.never)
  )
  return verifier.verify(credential).pipe(
    Effect.raceFirst(keysAreLate),
    Effect.matchEffect({
      onFailure: () => addressCaller,
      onSuccess: ({ subject }) => Effect.succeed(userCaller(subject))
    })
  )
}

/** The server's side of `CountedQuery`: 429 before anything else of the query is looked at. */
export const countedQueriesLayer: Layer.Layer<CountedQuery, never, TokenVerifier | RateLimits> = Layer.effect(
  CountedQuery,
  Effect.gen(function*() {
    const verifier = yield* TokenVerifier
    const limits = yield* RateLimits
    return CountedQuery.of(
      Effect.fnUntraced(function*(endpointEffect) {
        const { headers } = yield* HttpServerRequest.HttpServerRequest
        const caller = yield* callerOf(verifier, headers["authorization"])
        return yield* Effect.matchEffect(spend(limits, "queries", caller), {
          onFailure: Effect.succeed,
          onSuccess: () => Effect.provideService(endpointEffect, QueryCaller, caller)
        })
      })
    )
  })
)
