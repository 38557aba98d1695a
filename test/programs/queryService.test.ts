import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { describePostgres } from "../engines/databases.ts"
import { describeRedis, sharedRedis } from "../engines/redis.ts"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { newPicture, unknownId } from "../http/comments.ts"
import { jsonOf } from "../http/exchange.ts"
import { get, head, historyUrl, pageOf, pageUrl } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { uselessKeys } from "../support/uselessKeys.ts"
import { patience } from "./program.ts"
import { believesNoUselessKey, isManagement, knowsBothContracts } from "./serviceAnswers.ts"
import { makeIssuer, makeIssuerBeside, makeReadModel, startService, untilReady } from "./services.ts"

const noRedis = { REDIS_URL: "redis://127.0.0.1:1" }

describePostgres("The query service", () => {
  describeRedis("with its cache", () => {
    it.live(
      "serves clients on one port and operators on another, and knows what is served elsewhere",
      () =>
        Effect.gen(function*() {
          const readModel = yield* makeReadModel
          const service = yield* startService("query-service", yield* makeIssuerBeside(yield* uselessKeys), {
            ...readModel.settings,
            REDIS_URL: yield* sharedRedis,
            KEEP_ALIVE_TIMEOUT: "90 seconds"
          })
          assert.match(service.line, /^The query service listens on /)
          yield* Effect.provideService(isManagement, Target, service.management)
          yield* Effect.gen(function*() {
            yield* knowsBothContracts("query")
            yield* believesNoUselessKey("GET", historyUrl(unknownId()))
            const path = pageUrl(newPicture())
            assert.strictEqual(pageOf(yield* get(path)).count, 0)
            // By the lane, once it is cached.
            const cached = yield* get(path)
            assert.strictEqual(pageOf(cached).count, 0)
            assert.strictEqual(cached.headers["keep-alive"], "timeout=90")
            assertStatus(yield* head("/docs"), 200)
            assert.property(jsonOf(yield* get("/openapi.json")), "openapi")
            assertStatus(yield* get("/problems/read-model-behind"), 200)
          }).pipe(Effect.provideService(Target, service.target))
        }),
      patience
    )
  })

  it.live(
    "starts without Postgres and Redis, says that it lives but isn't ready, and is once Postgres is there",
    () =>
      Effect.gen(function*() {
        const readModel = yield* makeReadModel
        yield* readModel.cut
        const { ended, kill, management, target } = yield* startService("query-service", yield* makeIssuer, {
          ...readModel.settings,
          ...noRedis
        })
        const unready = yield* untilReady(management, false)
        assert.deepStrictEqual(jsonOf(unready), { checks: { postgres: "down" } })
        // Whoever ends what doesn't live leaves it alone: a new one could do no better.
        assertStatus(yield* Effect.provideService(get("/health/live"), Target, management), 200)
        const refused = yield* Effect.provideService(get(pageUrl(newPicture())), Target, target)
        assertProblem(refused, 503, "service-unavailable")
        yield* readModel.mend
        // Redis isn't there, and nobody misses it.
        assert.deepStrictEqual(jsonOf(yield* untilReady(management, true)), { checks: { postgres: "up" } })
        yield* kill("SIGTERM")
        assert.deepInclude(yield* ended, { code: 0, signal: null })
      }),
    patience
  )
})
