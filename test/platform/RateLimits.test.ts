import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Metric, Predicate, References } from "effect"
import { TestClock } from "effect/testing"
import * as MemoryRateLimits from "../../src/platform/MemoryRateLimits.ts"
import { limitedRequests, rateLimitFailures } from "../../src/platform/rateLimitMetrics.ts"
import { RateLimits } from "../../src/platform/RateLimits.ts"
import { RedisClient } from "../../src/platform/Redis.ts"
import * as RedisRateLimits from "../../src/platform/RedisRateLimits.ts"
import { contractLimits, newCaller, rateLimitsContract, spend } from "../contract/rateLimits.ts"
import { clientOf, cluster, describeRedis, ready, sharedRedis, startRedis } from "../engines/redis.ts"
import { directly, portOf } from "../support/redisQueries.ts"
import { makeTcpProxy } from "../support/tcpProxy.ts"

rateLimitsContract("Limits in memory", MemoryRateLimits.layer(contractLimits), 100)

// A machine that is busy with other suites is no slow Redis.
const unhurried = RedisRateLimits.layer(contractLimits, { timeLimit: 10_000 })

const connectedTo = (url: string) => Layer.effectDiscard(ready).pipe(Layer.provideMerge(clientOf(url)))
const shared = Layer.unwrap(Effect.map(sharedRedis, connectedTo))

/** One of several programs on the same Redis. */
const inATask = <A, E>(effect: Effect.Effect<A, E, RateLimits>) =>
  Effect.provide(effect, unhurried.pipe(Layer.provide(shared)), { local: true })

const counted = (counter: Metric.Counter<number>) => Effect.map(Metric.value(counter), ({ count }) => count)

describeRedis("Limits", () => {
  rateLimitsContract("On a single server they", unhurried.pipe(Layer.provide(shared)), 20)
  rateLimitsContract("On a cluster they", unhurried.pipe(Layer.provide(cluster.fresh())), 5)
})

describe("Limits", () => {
  it.effect("that are off refuse nothing and count nothing", () =>
    Effect.gen(function*() {
      const who = newCaller()
      const { charge } = yield* RateLimits
      for (const _ of [1, 2, 3]) assert.strictEqual((yield* spend(who))._tag, "Uncounted")
      assert.strictEqual((yield* charge("queries", who, 1000))._tag, "Uncounted")
    }).pipe(Effect.provide(MemoryRateLimits.layer({ commands: null, queries: null }))))

  it.effect("count what they refuse, by policy", () =>
    Effect.gen(function*() {
      const before = yield* Effect.forEach([limitedRequests.commands, limitedRequests.queries], counted)
      const who = newCaller()
      for (const _ of Array.from({ length: 8 })) yield* spend(who)
      const after = yield* Effect.forEach([limitedRequests.commands, limitedRequests.queries], counted)
      assert.deepStrictEqual(after.map((count, index) => count - (before[index] ?? 0)), [3, 0])
    }).pipe(Effect.provide(MemoryRateLimits.layer(contractLimits))))
})

describeRedis("Limits on one Redis", () => {
  it.effect("hold for all programs together", () =>
    Effect.gen(function*() {
      const who = newCaller()
      const tasks = [inATask, inATask]
      let granted = 0
      for (const task of [...tasks, ...tasks, ...tasks, ...tasks]) {
        if ((yield* task(spend(who)))._tag === "Granted") granted++
      }
      assert.strictEqual(granted, 5)
    }))

  it.effect("are kept under names that tell nobody's, all of a caller's in one slot, and are forgotten by themselves", () =>
    Effect.gen(function*() {
      const who = newCaller()
      const { client } = yield* RedisClient
      const known = new Set(yield* Effect.promise(() => client.keys(`${RedisRateLimits.keyPrefix}*`)))
      yield* spend(who)
      const keys = (yield* Effect.promise(() => client.keys(`${RedisRateLimits.keyPrefix}*`))).filter((key) =>
        !known.has(key)
      )
      assert.lengthOf(keys, 2)
      for (const key of keys) {
        assert.match(key, /^limits:\{[A-Za-z0-9_-]{43}\}:commands:5\/50(?::refill)?$/)
        const left = yield* Effect.promise(() => client.pttl(key))
        assert.isTrue(left > 0 && left <= 10_000)
      }
      assert.strictEqual(new Set(keys.map((key) => /\{.*\}/.exec(key)?.[0])).size, 1)
    }).pipe(
      Effect.provide(unhurried.pipe(Layer.provideMerge(Layer.unwrap(Effect.map(startRedis(), connectedTo)))))
    ))

  it.effect("count what Redis answered in time, though this process was too busy to look", () =>
    Effect.gen(function*() {
      yield* spend(newCaller())
      for (const _ of [1, 2]) {
        const asking = yield* Effect.forkChild(spend(newCaller()), { startImmediately: true })
        yield* Effect.sync(() => {
          const until = performance.now() + 250
          while (performance.now() < until);
        })
        assert.strictEqual((yield* Fiber.join(asking))._tag, "Granted")
      }
    }).pipe(
      Effect.provide(RedisRateLimits.layer(contractLimits, { timeLimit: 100 }).pipe(Layer.provide(shared)))
    ))

  it.effect("go on asking a Redis that refuses, and hold again as soon as it doesn't", () =>
    Effect.gen(function*() {
      const { client } = yield* RedisClient
      yield* Effect.promise(() => client.config("SET", "maxmemory", "1", "maxmemory-policy", "noeviction"))
      for (const _ of Array.from({ length: 8 })) {
        assert.strictEqual((yield* spend(newCaller()))._tag, "Uncounted")
      }
      yield* Effect.promise(() => client.config("SET", "maxmemory", "0"))
      assert.strictEqual((yield* spend(newCaller()))._tag, "Granted")
    }).pipe(
      Effect.provideService(References.MinimumLogLevel, "Error"),
      Effect.provide(unhurried.pipe(Layer.provideMerge(Layer.unwrap(Effect.map(startRedis(), connectedTo)))))
    ))

  it.effect("are nobody's while Redis is away or silent, which is counted, and logged once; then they hold again", () =>
    Effect.gen(function*() {
      const port = portOf(yield* startRedis())
      const [proxy, direct] = [yield* makeTcpProxy({ host: "127.0.0.1", port }), yield* directly(port)]
      const said: Array<unknown> = []
      const logger = Logger.make(({ message }) => {
        said.push(Array.isArray(message) ? message[0] : message)
      })
      const warnings = () =>
        said.filter((message) => Predicate.isString(message) && message.startsWith("nobody can tell")).length
      const quiet = Layer.merge(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "Warn"))
      const who = newCaller()
      // A breaker that is open tries again a second later.
      const untilCounted = TestClock.adjust("1 second").pipe(
        Effect.andThen(spend(who)),
        Effect.repeat({ until: ({ _tag }) => _tag !== "Uncounted" })
      )
      yield* proxy.cut
      yield* Effect.gen(function*() {
        const before = yield* counted(rateLimitFailures)
        for (const _ of Array.from({ length: 20 })) assert.strictEqual((yield* spend(who))._tag, "Uncounted")
        assert.strictEqual((yield* counted(rateLimitFailures)) - before, 20)
        assert.strictEqual(warnings(), 1)

        yield* proxy.mend
        yield* ready
        assert.strictEqual((yield* untilCounted)._tag, "Granted")
        yield* TestClock.adjust("1 minute")

        yield* Effect.promise(() => direct.config("RESETSTAT"))
        yield* proxy.hush
        for (const _ of Array.from({ length: 200 })) assert.strictEqual((yield* spend(who))._tag, "Uncounted")
        const stats = yield* Effect.promise(() => direct.info("commandstats"))
        assert.isAtMost(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]), 6, "a breaker spares who waits")
        assert.strictEqual(warnings(), 2)

        yield* proxy.mend
        assert.strictEqual((yield* untilCounted)._tag, "Granted")
      }).pipe(
        Effect.provide(
          RedisRateLimits.layer(contractLimits, { timeLimit: 20 }).pipe(
            Layer.provideMerge(clientOf(`redis://127.0.0.1:${proxy.port}`)),
            Layer.provideMerge(quiet)
          )
        )
      )
    }))
})
