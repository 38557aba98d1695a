import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import type { PictureId } from "../domain/ids.ts"
import type { QueryCache } from "../queries/QueryCache.ts"
import { invalidationsFailed } from "./metrics.ts"

const retries = Schedule.exponential("20 millis").pipe(Schedule.jittered)

/**
 * Makes the cache forget these pictures, tried again for a second at most, and answers how often that failed for good: 0 or
 * 1. Never fails itself: an answer that can't be forgotten is gone when it expires, and the event is projected all the same.
 */
export const invalidate = Effect.fnUntraced(function*(
  cache: QueryCache["Service"],
  pictures: ReadonlyArray<PictureId>
) {
  if (pictures.length === 0) return 0
  return yield* cache.invalidate(pictures).pipe(
    Effect.retry(retries),
    Effect.timeout("1 second"),
    Effect.as(0),
    Effect.catchCause((cause) =>
      Effect.logWarning("The cache could not be told which pictures have changed", cause).pipe(
        Effect.annotateLogs({ pictures: pictures.length }),
        Effect.andThen(Metric.update(invalidationsFailed, 1)),
        Effect.as(1)
      )
    )
  )
})
