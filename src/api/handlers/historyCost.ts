import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { RateLimits } from "../../platform/RateLimits.ts"
import type { HistoryAnswer } from "../../queries/CommentQueries.ts"
import { ReadModelUnavailable } from "../../queries/ReadModel.ts"
import { QueryCaller } from "../RequestRules.ts"
import { addressCaller, charge } from "./rateLimiting.ts"

/** How many histories are read at once: each is in memory as a whole, and has no pages. */
const atOnce = 4

/** How many histories one caller may have on its way: one is read, the others wait for it. */
const perCaller = 32

/** How many bytes of a history cost as much as one query. */
const bytesPerQuery = 100_000

// As long as the read model itself may take, and as long again for those before.
const longestWait = "10 seconds"

const crowded = new ReadModelUnavailable({ cause: new Error(`no history was read within ${longestWait}`) })

/** The caller has as many histories on their way as it may. */
export class TooManyHistories extends Schema.TaggedError<TooManyHistories>()("TooManyHistories", {
  limit: Schema.Int
}) {}

interface Line {
  readonly turn: Semaphore.Semaphore
  length: number
}

/** Lets each caller have one thing done at a time, so that nobody takes the turns of all others. */
const makeLines = () => {
  const lines = new Map<string, Line>()

  const join = (caller: string) =>
    Effect.suspend(() => {
      const line = lines.get(caller) ?? { turn: Semaphore.makeUnsafe(1), length: 0 }
      if (line.length >= perCaller) return Effect.fail(new TooManyHistories({ limit: perCaller }))
      line.length++
      lines.set(caller, line)
      return Effect.succeed(line)
    })

  const leave = (caller: string, line: Line) =>
    Effect.sync(() => {
      line.length--
      if (line.length === 0) lines.delete(caller)
    })

  return <A, E>(caller: string, work: Effect.Effect<A, E>): Effect.Effect<A, E | TooManyHistories> =>
    Effect.acquireUseRelease(join(caller), ({ turn }) => turn.withPermit(work), (line) => leave(caller, line))
}

/**
 * Bounds what histories cost: few are read at once, one of each caller; others wait a while for their turn, few of each caller.
 * One of many long texts costs its caller as much as the queries that would have brought as many bytes, whether or not it may
 * see it.
 */
export const makeHistoryCost = Effect.gen(function*() {
  const limits = yield* RateLimits
  const turns = yield* Semaphore.make(atOnce)
  const inLine = makeLines()

  return Effect.fnUntraced(function*<E>(
    history: Effect.Effect<HistoryAnswer, E>
  ): Effect.fn.Return<HistoryAnswer, E | ReadModelUnavailable | TooManyHistories> {
    const caller = (yield* QueryCaller) ?? (yield* addressCaller)
    const read = yield* inLine(caller, turns.withPermit(history)).pipe(
      Effect.timeoutOrElse({ duration: longestWait, orElse: () => Effect.fail(crowded) })
    )
    const beyond = Math.floor(read.answer.body.byteLength / bytesPerQuery)
    if (beyond > 0) yield* charge(limits, "queries", caller, beyond)
    return read
  })
})
