import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"

/** How long a dependency may take to say that it is there. */
const checkTimeout = "1 second"

/** What a program can't do without, by name. A check tells whether the dependency serves; one that hangs says no. */
export class Readiness extends Context.Service<Readiness, {
  readonly checks: Readonly<Record<string, Effect.Effect<boolean>>>
}>()("marginalia/api/handlers/operations/Readiness") {}

const outcome = (check: Effect.Effect<boolean>): Effect.Effect<"up" | "down"> =>
  check.pipe(
    Effect.timeoutOrElse({ duration: checkTimeout, orElse: () => Effect.succeed(false) }),
    Effect.map((serves) => serves ? "up" : "down")
  )

const headers = { "cache-control": "no-store" }

const ready = Effect.gen(function*() {
  const { checks } = yield* Readiness
  const outcomes = yield* Effect.all(
    Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, outcome(check)])),
    { concurrency: "unbounded" }
  )
  const status = Object.values(outcomes).every((one) => one === "up") ? 200 : 503
  return HttpServerResponse.jsonUnsafe({ checks: outcomes }, { status, headers })
})

/** The paths of `health`, for the table of routes. */
export const healthPaths = ["/health/live", "/health/ready"].map((template) => ({ template, methods: ["GET"] }))

/** The paths of `operations`, for the table of routes. */
export const operationsPaths = [...healthPaths, { template: "/metrics", methods: ["GET"] }]

/** For whoever runs the program: is it alive, can it serve. */
export const health: Layer.Layer<never, never, HttpRouter.HttpRouter | Readiness> = Layer.merge(
  HttpRouter.add("GET", "/health/live", HttpServerResponse.jsonUnsafe({ status: "live" }, { headers })),
  HttpRouter.use(Effect.fnUntraced(function*(router) {
    const readiness = yield* Readiness
    yield* router.add("GET", "/health/ready", Effect.provideService(ready, Readiness, readiness))
  }))
)

/** The same, and what it measures. */
export const operations: Layer.Layer<never, never, HttpRouter.HttpRouter | Readiness> = Layer.merge(
  health,
  PrometheusMetrics.layerHttp()
)
