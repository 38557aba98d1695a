import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const requests = Metric.counter("http_requests_total", {
  description: "Requests answered, by route, method and status",
  incremental: true
})

const durations = Metric.histogram("http_request_duration_seconds", {
  description: "Seconds from a request's headers to its answer, by route and method",
  boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
})

const known = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT"])

type Observe = (context: Context.Context<never>, seconds: number) => void

// A metric with attributes is made once for each combination: routes are templates, so there are few of them.
const bound = new Map<string, Observe>()

const bind = (route: string, method: string, status: number): Observe => {
  const attributes = { route, method }
  const counter = Metric.withAttributes(requests, { ...attributes, status: String(status) })
  const histogram = Metric.withAttributes(durations, attributes)
  return (context, seconds) => {
    counter.updateUnsafe(1, context)
    histogram.updateUnsafe(seconds, context)
  }
}

/** Counts one answered request, at once and in the registry of this context. */
export const observeRequestUnsafe = (
  context: Context.Context<never>,
  route: string | undefined,
  requestMethod: string,
  status: number,
  seconds: number
): void => {
  const method = known.has(requestMethod) ? requestMethod : "other"
  const key = `${route} ${method} ${status}`
  let observe = bound.get(key)
  if (observe === undefined) {
    observe = bind(route ?? "none", method, status)
    bound.set(key, observe)
  }
  observe(context, seconds)
}

/** Counts one answered request. */
export const observeRequest = (
  route: string | undefined,
  method: string,
  status: number,
  seconds: number
): Effect.Effect<void> =>
  Effect.contextWith((context) => Effect.sync(() => observeRequestUnsafe(context, route, method, status, seconds)))
