import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { projectionLag } from "./metrics.ts"

const backoff = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("10 seconds")]).pipe(
  Schedule.jittered
)

/**
 * Makes effects succeed that may fail for a while, by trying them again until they do, for ever: soon at first, then every
 * 10 seconds. Only the first failure and the first success after it are logged; meanwhile the lag grows.
 */
export const makePatience = Effect.gen(function*() {
  let succeededAt = yield* Clock.currentTimeMillis
  let isFailing = false

  const failed = Effect.fnUntraced(function*(cause: unknown) {
    yield* Metric.update(projectionLag, (yield* Clock.currentTimeMillis) - succeededAt)
    if (isFailing) return
    isFailing = true
    yield* Effect.logWarning("The read model can't follow the log at present, and tries again until it can", cause)
  })

  const succeeded = Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const outage = Duration.format(Duration.millis(now - succeededAt))
    succeededAt = now
    if (!isFailing) return
    isFailing = false
    yield* Metric.update(projectionLag, 0)
    yield* Effect.logInfo("The read model follows the log again").pipe(Effect.annotateLogs({ outage }))
  })

  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, never, R> =>
    Effect.sandbox(effect).pipe(
      Effect.tapError(failed),
      Effect.retry(backoff),
      Effect.tap(succeeded),
      Effect.orDie
    )
})
