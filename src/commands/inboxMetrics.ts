import * as Metric from "effect/Metric"

/** While this grows, accepted commands aren't decided. */
export const pendingAge = Metric.gauge("marginalia_inbox_pending_age_seconds", {
  description: "Age of the oldest accepted command that the last sweep found undecided; 0 where it found none"
})

/** More than a few of these mean that what drives the inbox loses deliveries. */
export const entriesSwept = Metric.counter("marginalia_inbox_swept_total", {
  description: "Accepted commands that were left undecided for too long, and that a sweep has run",
  incremental: true
})

/** Shows the counter from the start: where there is none, nobody can tell 0 from a sweeper that isn't there. */
export const begin = Metric.update(entriesSwept, 0)
