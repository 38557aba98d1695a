import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Metric, Ref } from "effect"
import { TestClock } from "effect/testing"
import { PictureId } from "../../src/domain/ids.ts"
import { limitedRequests } from "../../src/platform/rateLimitMetrics.ts"
import { measuring } from "../../src/programs/query-service/measuring.ts"
import { everyMinute } from "../../src/programs/service/everyMinute.ts"
import { EntryKey, QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisQueryCache from "../../src/queries/RedisQueryCache.ts"
import { pglite } from "../engines/databases.ts"
import { clientOf } from "../engines/redis.ts"
import { logged } from "../support/logged.ts"
import { metricsOf } from "../support/metricFilters.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"

describe("What is measured", () => {
  it.effect("is measured each minute, and goes on after it couldn't be", () =>
    Effect.gen(function*() {
      const times = yield* Ref.make(0)
      const measure = Effect.andThen(Ref.update(times, (times) => times + 1), Effect.fail("down"))
      yield* Layer.build(everyMinute(measure))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(yield* Ref.get(times), 0)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Ref.get(times), 1)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* Ref.get(times), 3)
    }).pipe(Effect.scoped))

  const deadCache = RedisQueryCache.layer().pipe(Layer.provide(clientOf("redis://127.0.0.1:1")))

  it.live("of the cache and of limits since the last minute, is said when the query service ends", () =>
    Effect.gen(function*() {
      const log = yield* logged(
        Effect.scoped(
          Effect.gen(function*() {
            yield* Layer.build(measuring)
            const cache = yield* QueryCache
            yield* Effect.ignore(cache.read(PictureId.make("sunset-42"), EntryKey.make("count")))
            yield* Metric.update(limitedRequests.queries, 1)
          })
        )
      )
      assert.deepStrictEqual(metricsOf("QueryLogGroup", log), { CacheErrors: [1], QueriesLimited: [1] })
    }).pipe(Effect.provide(Layer.merge(deadCache, migratedReadModel(pglite)))))
})
