import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { RedisClient } from "../../src/platform/Redis.ts"
import { SharedAnswers } from "../../src/queries/SharedAnswers.ts"
import { slotKey } from "../../src/queries/slotKey.ts"
import { describeRedis, ready, startRedis } from "../engines/redis.ts"
import {
  ask,
  askUntilHit,
  commit,
  directly,
  invalidate,
  key,
  picture,
  portOf,
  queriesOver
} from "../support/redisQueries.ts"
import { makeTcpProxy } from "../support/tcpProxy.ts"

const proxied = Effect.gen(function*() {
  const port = portOf(yield* startRedis())
  return { proxy: yield* makeTcpProxy({ host: "127.0.0.1", port }), direct: yield* directly(port) }
})

describeRedis("Queries over a cache in Redis", () => {
  it.effect("are answered from the read model while Redis is down, and from the cache when it is back", () =>
    Effect.gen(function*() {
      const { proxy } = yield* proxied
      yield* proxy.cut
      yield* Effect.gen(function*() {
        const { find } = yield* SharedAnswers
        for (const count of [1, 2, 3]) {
          yield* commit(count)
          assert.strictEqual(yield* ask, count)
          assert.isUndefined(yield* Effect.promise(() => find(picture, key)))
          assert.strictEqual((yield* Effect.flip(invalidate)).operation, "invalidate")
        }
        yield* proxy.mend
        yield* ready
        yield* askUntilHit
        assert.isDefined(yield* Effect.promise(() => find(picture, key)))
      }).pipe(Effect.provide(queriesOver(proxy.port)))
    }))

  it.effect("all come to an answer, the right one, when the connection is cut under them again and again", () =>
    Effect.gen(function*() {
      const { proxy } = yield* proxied
      yield* Effect.gen(function*() {
        yield* commit(7)
        for (const _ of [1, 2, 3, 4]) {
          yield* ready
          const asked = Effect.forEach(Array.from({ length: 200 }), () => ask, { concurrency: 20 })
          const [answers] = yield* Effect.all([asked, Effect.andThen(Effect.yieldNow, proxy.cut)], { concurrency: 2 })
          assert.isTrue(answers.every((count) => count === 7))
          yield* proxy.mend
        }
      }).pipe(Effect.provide(queriesOver(proxy.port)))
    }))

  it.effect("wait for a silent Redis a few times, then no more; what must be forgotten is said all the same", () =>
    Effect.gen(function*() {
      const { direct, proxy } = yield* proxied
      yield* Effect.gen(function*() {
        yield* ready
        yield* commit(1)
        yield* askUntilHit
        yield* Effect.promise(() => direct.config("RESETSTAT"))
        yield* proxy.hush
        yield* commit(2)
        for (const _ of Array.from({ length: 200 })) assert.strictEqual(yield* ask, 2)
        // Only the answers were lost on the way: the server has counted what it was asked.
        const stats = yield* Effect.promise(() => direct.info("commandstats"))
        assert.isAtMost(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]), 6)
        assert.strictEqual(yield* Effect.promise(() => direct.exists(slotKey(picture))), 1)
        yield* Effect.flip(invalidate)
        assert.strictEqual(yield* Effect.promise(() => direct.exists(slotKey(picture))), 0)
      }).pipe(Effect.provide(queriesOver(proxy.port, 20)))
    }))

  it.effect("find the cache again by themselves after a connection went silent for good", () =>
    Effect.gen(function*() {
      const { proxy } = yield* proxied
      yield* Effect.gen(function*() {
        const { client } = yield* RedisClient
        yield* ready
        yield* askUntilHit
        const closed = Effect.callback<void>((resume) => {
          client.once("close", () => resume(Effect.void))
        })
        yield* proxy.hush
        yield* commit(2)
        for (const _ of [1, 2, 3]) assert.strictEqual(yield* ask, 2)
        yield* closed
        yield* ready
        yield* TestClock.adjust("1 second")
        yield* Effect.exit(invalidate)
        yield* askUntilHit
        assert.strictEqual(yield* ask, 2)
      }).pipe(Effect.provide(queriesOver(proxy.port, 100)))
    }))
})
