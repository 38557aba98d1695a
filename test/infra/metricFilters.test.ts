import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Metric, Ref } from "effect"
import { TestClock } from "effect/testing"
import * as InboxSweeper from "../../src/commands/InboxSweeper.ts"
import { PictureId, Timestamp } from "../../src/domain/ids.ts"
import { measurements } from "../../src/platform/measurements.ts"
import { limitedRequests } from "../../src/platform/rateLimitMetrics.ts"
import { RateLimits } from "../../src/platform/RateLimits.ts"
import * as RedisRateLimits from "../../src/platform/RedisRateLimits.ts"
import { inboxMeasurement } from "../../src/programs/command-service/measuring.ts"
import { measureBatch } from "../../src/programs/projector/measureBatch.ts"
import { cacheMeasurement, parkedStreamsMeasurement } from "../../src/programs/query-service/measuring.ts"
import { rateLimitMeasurement } from "../../src/programs/service/measuringRateLimits.ts"
import { EntryKey, QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisQueryCache from "../../src/queries/RedisQueryCache.ts"
import { accept } from "../contract/commandInboxSteps.ts"
import { pglite } from "../engines/databases.ts"
import { clientOf } from "../engines/redis.ts"
import { commit, edited, posted, stream } from "../support/encodedCommits.ts"
import { filterPattern } from "../support/filterPattern.ts"
import { entryOf, freshPost } from "../support/inboxEntries.ts"
import { logged } from "../support/logged.ts"
import { metricFilters, metricsOf } from "../support/metricFilters.ts"
import { project, projectorOn } from "../support/projection.ts"
import { RecordingCache } from "../support/RecordingCache.ts"
import { runningOnMemory } from "../support/running.ts"

const start = 1_764_000_000_000
const anything = { burst: 1, window: Duration.hours(1) }

const calls = Effect.flatMap(
  RecordingCache,
  ({ invalidations }) => Effect.map(Ref.get(invalidations), ({ length }) => length)
)

describe("The metric filters of infra/observability.yaml", () => {
  it("name the lines and the fields that src/platform/measurements.ts defines, and test what they take", () => {
    const known = Object.values(measurements).flatMap(({ fields, message }) =>
      Object.keys(fields.fields).map((field) => `"${message}" $.annotations.${field}`)
    )
    assert.isNotEmpty(metricFilters)
    for (const { pattern, value } of metricFilters) {
      const [, message = ""] = /\$\.message = ("[^"]+")/.exec(pattern) ?? []
      assert.include(known, `${message} ${value}`)
      // CloudWatch takes a value only out of what the pattern speaks of.
      assert.include(pattern, `${value} >`)
    }
  })

  it("give each metric to one filter", () => {
    // Each of them is found below in what a program prints.
    assert.sameMembers(metricFilters.map(({ metric }) => metric), [
      "CacheErrors",
      "CommandLimitFailures",
      "CommandsLimited",
      "CommandsSwept",
      "EventsProjected",
      "InvalidationsFailed",
      "ParkedStreams",
      "PendingCommandAge",
      "ProjectionLag",
      "QueriesLimited",
      "QueryLimitFailures",
      "StreamsParked"
    ])
  })

  it.layer(projectorOn(pglite))((it) => {
    it.effect("find what the projector says of a batch, and what the query service sees of parked streams", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1000)
        const good = commit(stream(1), 1, posted("one"))
        const events = good.events.map((event) => ({ ...Object(event), at: 260 }))
        const poison = { ...commit(stream(2), 1, edited("two")), events: [{}] }
        const batch = Effect.flatMap(project([{ ...good, events }, poison]), measureBatch)
        assert.deepStrictEqual(metricsOf("ProjectorLogGroup", yield* logged(batch)), {
          EventsProjected: [1],
          ProjectionLag: [740],
          StreamsParked: [1]
        })
        assert.deepStrictEqual(metricsOf("ProjectorLogGroup", yield* logged(batch)), {})
        yield* Effect.flatMap(RecordingCache, (cache) => Ref.set(cache.behaviour, Effect.die("down")))
        const redelivered = yield* Effect.forkChild(logged(batch))
        yield* Effect.eventually(Effect.flatMap(calls, (count) => count > 2 ? Effect.void : Effect.fail("not yet")))
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(metricsOf("ProjectorLogGroup", yield* Fiber.join(redelivered)), {
          InvalidationsFailed: [1]
        })
        assert.deepStrictEqual(metricsOf("QueryLogGroup", yield* logged(parkedStreamsMeasurement)), {
          ParkedStreams: [1]
        })
      }))
  })

  it.live("find what of the cache failed, and nothing where nothing did", () =>
    Effect.gen(function*() {
      const cache = yield* QueryCache
      const measure = yield* cacheMeasurement
      yield* Effect.ignore(cache.read(PictureId.make("sunset-42"), EntryKey.make("count")))
      assert.deepStrictEqual(metricsOf("QueryLogGroup", yield* logged(measure)), { CacheErrors: [1] })
      assert.strictEqual(yield* logged(measure), "")
    }).pipe(
      Effect.provide(
        RedisQueryCache.layer().pipe(Layer.provide(clientOf("redis://127.0.0.1:1")))
      )
    ))

  it.live("find whom limits have refused, and who went on uncounted, of each service", () =>
    Effect.gen(function*() {
      const measure = yield* rateLimitMeasurement
      const { spend } = yield* RateLimits
      for (const policy of ["commands", "queries", "queries"] as const) yield* spend(policy, "ana")
      const told = yield* logged(measure)
      assert.deepStrictEqual(metricsOf("CommandLogGroup", told), { CommandLimitFailures: [3] })
      assert.deepStrictEqual(metricsOf("QueryLogGroup", told), { QueryLimitFailures: [3] })
      assert.strictEqual(yield* logged(measure), "")
      // As its layers do, once somebody is refused.
      yield* Effect.forEach(Object.values(limitedRequests), (counter) => Metric.update(counter, 1))
      const refused = yield* logged(measure)
      assert.deepStrictEqual(metricsOf("CommandLogGroup", refused), { CommandsLimited: [2] })
      assert.deepStrictEqual(metricsOf("QueryLogGroup", refused), { QueriesLimited: [2] })
    }).pipe(
      Effect.provide(
        RedisRateLimits.layer({ commands: anything, queries: anything }).pipe(
          Layer.provide(clientOf("redis://127.0.0.1:1"))
        )
      )
    ))

  it.effect("find how long commands for later have waited, and how many were swept up", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(start)
      const measure = yield* inboxMeasurement
      yield* accept(entryOf(freshPost(), Timestamp.make(start - 61_000)))
      yield* InboxSweeper.sweep("60 seconds")
      assert.deepStrictEqual(metricsOf("CommandLogGroup", yield* logged(measure)), {
        CommandsSwept: [1],
        PendingCommandAge: [61]
      })
      yield* InboxSweeper.sweep("60 seconds")
      assert.deepStrictEqual(metricsOf("CommandLogGroup", yield* logged(measure)), { PendingCommandAge: [0] })
    }).pipe(Effect.provide(runningOnMemory)))

  it("find nothing in a line that somebody else has begun, nor in other words", () => {
    const said = `{"message":"projection measured","annotations":{"lagMilliseconds":5}}`
    const matches = filterPattern(`{ $.message = "projection measured" && $.annotations.lagMilliseconds >= 0 }`)
    assert.isTrue(matches(said))
    assert.isFalse(matches(`2026-01-01T00:00:00.000Z\tid\tERROR\t${said}`))
    assert.isFalse(matches(said.replace("5", `"5"`)))
    assert.isFalse(matches(said.replace("projection", "cache")))
    assert.throws(() => filterPattern(`{ $.message IS NULL }`))
    assert.throws(() => filterPattern(`{ $.message = "a" `))
  })
})
