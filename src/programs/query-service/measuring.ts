import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as SqlClient from "effect/sql/SqlClient"
import { measured } from "../../platform/measurements.ts"
import { streamsParkedNow } from "../../projections/metrics.ts"
import { countParked } from "../../projections/parkedStreams.ts"
import { cacheErrors, cacheHits, cacheMisses } from "../../queries/cacheMetrics.ts"
import { everyMinute, everyMinuteAndAtLast } from "../service/everyMinute.ts"
import { growthOf } from "../service/growthOf.ts"
import { measuringRateLimits } from "../service/measuringRateLimits.ts"

/** Says what of the cache has failed since it was last asked; nothing where all went well. */
export const cacheMeasurement = Effect.map(
  Effect.all([growthOf(cacheErrors.read, cacheErrors.put), growthOf(cacheHits), growthOf(cacheMisses)]),
  ([errors, hits, misses]) =>
    Effect.flatMap(
      Effect.all({ errors, hits, misses }),
      (grown) => grown.errors > 0 ? measured("cache", grown) : Effect.void
    )
)

/**
 * Says how many streams are parked, and says it of none, too: whoever watches could not tell it from nobody looking. The
 * projector knows only what it parks itself, so who reads the positions anyway looks: one small index.
 */
export const parkedStreamsMeasurement = Effect.gen(function*() {
  const parked = yield* countParked(yield* SqlClient.SqlClient)
  yield* Metric.update(streamsParkedNow, parked)
  yield* measured("parkedStreams", { parked })
})

/** What the query service tells by its log, each minute; of the cache and of limits also what is left at the end. */
export const measuring = Layer.mergeAll(
  everyMinuteAndAtLast(cacheMeasurement),
  measuringRateLimits,
  everyMinute(parkedStreamsMeasurement)
)
