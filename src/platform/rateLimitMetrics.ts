import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const limited = Metric.counter("rate_limited_requests_total", {
  description: "Requests that were refused because their caller had sent too many, by policy",
  incremental: true
})

/** By policy. */
export const limitedRequests = {
  commands: Metric.withAttributes(limited, { policy: "commands" }),
  queries: Metric.withAttributes(limited, { policy: "queries" })
}

/** While this grows, Redis can't be asked and nobody is limited. */
export const rateLimitFailures = Metric.counter("rate_limit_failures_total", {
  description: "Requests that went on because nobody could tell how many their caller had sent",
  incremental: true
})

/** Shows all counters from the start: where there is none, nobody can tell 0 from a limit that isn't there. */
export const begin = Effect.forEach(
  [...Object.values(limitedRequests), rateLimitFailures],
  (counter) => Metric.update(counter, 0),
  { discard: true }
)
