import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { RateLimits } from "../../platform/RateLimits.ts"
import type { HistoryAnswer } from "../../queries/CommentQueries.ts"
import { ReadModelUnavailable } from "../../queries/ReadModel.ts"
import { QueryCaller } from "../RequestRules.ts"
import { addressCaller, charge } from "./rateLimiting.ts"

/** How many histories are read at once: each is in memory as a whole, and has no pages. */
const atOnce = 4

/** How many bytes of a history cost as much as one query. */
const bytesPerQuery = 100_000

// As long as the read model itself may take, and as long again for those before.
const longestWait = "10 seconds"

const crowded = new ReadModelUnavailable({ cause: new Error(`no history was read within ${longestWait}`) })

/**
 * Bounds what histories cost: few are read at once, others wait a while for their turn, and one of many long texts costs its
 * caller as much as the queries that would have brought as many bytes, whether or not it may see it.
 */
export const makeHistoryCost = Effect.gen(function*() {
  const limits = yield* RateLimits
  const turns = yield* Semaphore.make(atOnce)

  return <E>(history: Effect.Effect<HistoryAnswer, E>): Effect.Effect<HistoryAnswer, E | ReadModelUnavailable> =>
    turns.withPermit(history).pipe(
      Effect.timeoutOrElse({ duration: longestWait, orElse: () => Effect.fail(crowded) }),
      Effect.tap(({ answer: { body } }) =>
        Effect.gen(function*() {
          const beyond = Math.floor(body.byteLength / bytesPerQuery)
          if (beyond > 0) yield* charge(limits, "queries", (yield* QueryCaller) ?? (yield* addressCaller), beyond)
        })
      )
    )
})
