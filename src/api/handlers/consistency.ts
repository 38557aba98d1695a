import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import type { PositionWaiter } from "../../queries/PositionWaiter.ts"
import type { ConsistencyToken } from "../ConsistencyToken.ts"
import { parseConsistencyTokens } from "../ConsistencyToken.ts"
import { preferredWaitSeconds } from "../Prefer.ts"
import { MalformedRequest, ProjectionParked, ReadModelBehind } from "../Problems.ts"
import { QueryCaller } from "../RequestRules.ts"
import { addressCaller } from "./rateLimiting.ts"
import { problem, unavailable } from "./respond.ts"

/** The request headers that say how fresh an answer must be. */
export interface FreshnessHeaders {
  readonly "consistency-token"?: string
  readonly prefer?: string
}

const malformed = (detail: string) =>
  problem(
    new MalformedRequest({
      detail: "A header isn't as it should be.",
      errors: [{ pointer: "consistency-token", detail }]
    })
  )

const behind = problem(
  new ReadModelBehind({ detail: "The read model has not reached the command in the time that the request allows." }),
  { "retry-after": "1" }
)

const parked = problem(
  new ProjectionParked({ detail: "The comment's latest change waits for an operator." }),
  { "retry-after": "60" }
)

const crowded = problem(
  new ReadModelBehind({ detail: "Too many requests are waiting for the read model already." }),
  { "retry-after": "1" }
)

/**
 * Waits until the read model reflects the commands whose tokens the request carries and that the query can concern, and
 * tells whether it had any: then the answer must be read afresh. Fails with the answer for a request that can't wait, be it
 * because as many wait for its caller as may.
 */
export const awaitFreshness = Effect.fnUntraced(function*(
  waiter: PositionWaiter["Service"],
  headers: FreshnessHeaders,
  concerns: (token: ConsistencyToken) => boolean
): Effect.fn.Return<boolean, HttpServerResponse> {
  const header = headers["consistency-token"]
  if (header === undefined) return false
  const tokens = parseConsistencyTokens(header)
  if (Result.isFailure(tokens)) return yield* Effect.flip(malformed(tokens.failure))
  const relevant = tokens.success.filter(concerns)
  if (relevant.length === 0) return false
  const caller = (yield* QueryCaller) ?? (yield* addressCaller)
  const atMost = Duration.seconds(preferredWaitSeconds(headers.prefer))
  yield* waiter.await(relevant, atMost, caller).pipe(
    Effect.catchTags({
      ReadModelBehind: () => Effect.flip(behind),
      ProjectionParked: () => Effect.flip(parked),
      TooManyWaiters: () => Effect.flip(crowded),
      ReadModelUnavailable: (error) =>
        Effect.andThen(Effect.logError("the read model can't be reached", error), Effect.flip(unavailable))
    })
  )
  return true
})
