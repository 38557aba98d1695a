import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

export const cacheHits = Metric.counter("marginalia_query_cache_hits_total", {
  description: "Look-ups that the cache answered",
  incremental: true
})

export const cacheMisses = Metric.counter("marginalia_query_cache_misses_total", {
  description: "Look-ups that the cache had no answer to",
  incremental: true
})

const errors = Metric.counter("marginalia_query_cache_errors_total", {
  description: "Operations that the cache failed, was too slow for, or wasn't asked for while it was known to be down",
  incremental: true
})

/** By operation. */
export const cacheErrors = {
  read: Metric.withAttributes(errors, { operation: "read" }),
  put: Metric.withAttributes(errors, { operation: "put" }),
  invalidate: Metric.withAttributes(errors, { operation: "invalidate" })
}

/** Shows all counters from the start: where there is none, nobody can tell 0 from a cache that isn't there. */
export const begin = Effect.forEach(
  [cacheHits, cacheMisses, ...Object.values(cacheErrors)],
  (counter) => Metric.update(counter, 0),
  { discard: true }
)
