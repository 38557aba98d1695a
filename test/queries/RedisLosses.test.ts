import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { randomUUID } from "node:crypto"
import { PictureId } from "../../src/domain/ids.ts"
import { RedisClient } from "../../src/platform/Redis.ts"
import { freePort } from "../../src/programs/stack/engines/engineProcess.ts"
import { QueryCache } from "../../src/queries/QueryCache.ts"
import { describeRedis, ready, startRedis } from "../engines/redis.ts"
import { ask, askUntilHit, commit, directly, invalidate, key, portOf, queriesOver } from "../support/redisQueries.ts"

describeRedis("Queries over a cache in a Redis that loses and refuses", () => {
  it.effect("are answered while Redis is full and evicts nothing; hits are hits, and what is forgotten stays so", () =>
    Effect.gen(function*() {
      const port = portOf(yield* startRedis({ settings: ["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"] }))
      const direct = yield* directly(port)
      const fill = Effect.tryPromise({ try: () => direct.set(randomUUID(), "x".repeat(1000)), catch: String }).pipe(
        Effect.repeat({ times: 10_000 }),
        Effect.flip
      )
      yield* Effect.gen(function*() {
        yield* ready
        yield* commit(1)
        yield* askUntilHit
        assert.include(yield* fill, "OOM")
        yield* commit(2)
        assert.strictEqual(yield* ask, 1)
        yield* invalidate
        yield* fill
        for (const count of [3, 4, 5, 6, 7, 8, 9, 10]) {
          yield* commit(count)
          assert.strictEqual(yield* ask, count)
          yield* invalidate
        }
      }).pipe(Effect.provide(queriesOver(port)))
    }))

  it.effect("find no other answer than what was put, while Redis evicts whatever it likes", () =>
    Effect.gen(function*() {
      const port = portOf(yield* startRedis({ settings: ["--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru"] }))
      yield* Effect.gen(function*() {
        yield* ready
        const cache = yield* QueryCache
        const body = (index: number) => Buffer.from(`${index} `.repeat(1000))
        const pictures = Array.from({ length: 2000 }, (_, index) => ({ index, picture: PictureId.make(`p-${index}`) }))
        yield* Effect.forEach(
          pictures,
          ({ index, picture }) =>
            Effect.flatMap(
              cache.read(picture, key),
              ({ generation }) =>
                cache.put(picture, generation, key, { body: body(index), etag: `"${index}"`, nextCursor: null })
            ),
          { concurrency: 20, discard: true }
        )
        const lookups = yield* Effect.forEach(
          pictures,
          ({ index, picture }) => Effect.map(cache.read(picture, key), (lookup) => ({ index, lookup })),
          { concurrency: 20 }
        )
        const hits = lookups.flatMap((
          { index, lookup }
        ) => (lookup._tag === "Hit" ? [{ index, ...lookup.answer }] : []))
        assert.isAbove(hits.length, 0)
        assert.isBelow(hits.length, pictures.length)
        assert.isTrue(hits.every(({ body: found, index }) => body(index).equals(found)))
      }).pipe(Effect.provide(queriesOver(port)))
    }))

  it.effect("are never answered with what was forgotten, though Redis is flushed and restarted in the middle", () =>
    Effect.gen(function*() {
      const port = yield* freePort("Redis")
      const start = Effect.gen(function*() {
        const scope = yield* Scope.make()
        yield* Scope.provide(startRedis({ port }), scope)
        return scope
      })
      let server = yield* start
      yield* Effect.addFinalizer(() => Scope.close(server, Exit.void))
      yield* Effect.gen(function*() {
        const { client } = yield* RedisClient
        for (const count of Array.from({ length: 90 }, (_, index) => index + 1)) {
          yield* commit(count)
          // One that can't be told has lost it all.
          yield* Effect.exit(invalidate)
          assert.deepStrictEqual(yield* Effect.all([ask, ask, ask], { concurrency: 2 }), [count, count, count])
          if (count % 20 === 10) yield* Effect.ignore(Effect.tryPromise(() => client.flushall()))
          if (count % 30 === 0) {
            yield* Scope.close(server, Exit.void)
            assert.strictEqual(yield* ask, count)
            server = yield* start
          }
          if (count % 30 === 15) yield* ready
        }
        yield* ready
        yield* askUntilHit
      }).pipe(Effect.provide(queriesOver(port)))
    }))
})
