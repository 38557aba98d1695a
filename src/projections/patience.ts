import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { projectionLag } from "./metrics.ts"

const backoff = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("10 seconds")]).pipe(
  Schedule.jittered
)

/** What is said, and shown, of somebody who is patient. */
export interface Patient {
  /** The sentence for the first failure. */
  readonly failing: string
  /** The sentence for the first success after it. */
  readonly again: string
  /** Shows for how long nothing has succeeded; 0 once something does. Null for nothing to be shown. */
  readonly lag: Metric.Gauge<number> | null
}

/**
 * Makes effects succeed that may fail for a while, by trying them again until they do, for ever: soon at first, then every
 * 10 seconds. Only the first failure and the first success after it are logged; meanwhile the lag grows.
 */
export const makePatienceOf = Effect.fnUntraced(function*({ again, failing, lag }: Patient) {
  let succeededAt = yield* Clock.currentTimeMillis
  let isFailing = false

  const failed = Effect.fnUntraced(function*(cause: unknown) {
    if (lag !== null) yield* Metric.update(lag, (yield* Clock.currentTimeMillis) - succeededAt)
    if (isFailing) return
    isFailing = true
    yield* Effect.logWarning(failing, cause)
  })

  const succeeded = Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const outage = Duration.format(Duration.millis(now - succeededAt))
    succeededAt = now
    if (!isFailing) return
    isFailing = false
    if (lag !== null) yield* Metric.update(lag, 0)
    yield* Effect.logInfo(again).pipe(Effect.annotateLogs({ outage }))
  })

  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, never, R> =>
    Effect.sandbox(effect).pipe(
      Effect.tapError(failed),
      Effect.retry(backoff),
      Effect.tap(succeeded),
      Effect.orDie
    )
})

/** The patience of whoever brings the log into the read model. */
export const makePatience = makePatienceOf({
  failing: "The read model can't follow the log at present, and tries again until it can",
  again: "The read model follows the log again",
  lag: projectionLag
})
