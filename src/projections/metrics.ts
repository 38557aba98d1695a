import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

/** Events that became visible to queries. */
export const eventsProjected = Metric.counter("marginalia_projection_events_total", {
  description: "Events applied to the read model",
  incremental: true
})

export const batchesProjected = Metric.counter("marginalia_projection_batches_total", {
  description: "Batches that the projector finished, redelivered ones among them",
  incremental: true
})

export const gapsHealed = Metric.counter("marginalia_projection_gaps_healed_total", {
  description: "Gaps between a batch and the read model that were filled from the event store",
  incremental: true
})

export const streamsParked = Metric.counter("marginalia_projection_streams_parked_total", {
  description: "Times that a stream was parked because an event of it could not be projected",
  incremental: true
})

/** What a look at the read model found, where somebody looks. */
export const streamsParkedNow = Metric.gauge("marginalia_projection_parked_streams", {
  description: "Streams that are parked, as the last look at the read model found"
})

/** Somebody writes to the events' table who isn't the log. */
export const recordsPassedOver = Metric.counter("marginalia_projection_records_passed_over_total", {
  description: "Records of the events table's stream that aren't appends to the log, and that nothing was projected of",
  incremental: true
})

export const invalidationsFailed = Metric.counter("marginalia_projection_invalidations_failed_total", {
  description:
    "Batches whose pictures the cache could not be told to forget: their answers may be old until they expire",
  incremental: true
})

/** More than a few of these mean that something else locks rows in another order than the projectors do. */
export const conflicts = Metric.counter("marginalia_projection_conflicts_total", {
  description: "Transactions that were repeated because of a deadlock or a serialization failure",
  incremental: true
})

/** From an event's append to its being visible to a query. While nothing can be projected, it grows. */
export const projectionLag = Metric.gauge("marginalia_projection_lag_milliseconds", {
  description: "Age of the newest applied event when it was applied, or how long nothing could be projected"
})

/** Shows all counters from the start: where there is none, nobody can tell 0 from a projector that isn't there. */
export const begin = Effect.forEach(
  [eventsProjected, batchesProjected, gapsHealed, streamsParked, recordsPassedOver, invalidationsFailed, conflicts],
  (counter) => Metric.update(counter, 0),
  { discard: true }
)
