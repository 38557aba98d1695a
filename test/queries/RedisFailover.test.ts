import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { PictureId } from "../../src/domain/ids.ts"
import { RedisClient } from "../../src/platform/Redis.ts"
import { QueryCache } from "../../src/queries/QueryCache.ts"
import { slotKey } from "../../src/queries/slotKey.ts"
import { describeRedis, ready, startCluster, startRedis } from "../engines/redis.ts"
import {
  ask,
  askFor,
  askUntilHit,
  commit,
  directly,
  invalidate,
  key,
  portOf,
  queriesOver
} from "../support/redisQueries.ts"

describeRedis("Queries over a cache in Redis, when a master is lost", () => {
  it.effect("are answered while it is a replica that refuses to write, and cached again when it isn't", () =>
    Effect.gen(function*() {
      const port = portOf(yield* startRedis())
      const direct = yield* directly(port)
      yield* Effect.gen(function*() {
        const { client } = yield* RedisClient
        yield* ready
        yield* commit(1)
        yield* askUntilHit
        const reconnected = Effect.callback<void>((resume) => {
          client.once("reconnecting", () => resume(Effect.void))
        })
        yield* Effect.promise(() => direct.replicaof("127.0.0.1", 1))
        yield* Effect.flip(invalidate)
        // Where the name leads may have changed: it is looked up anew.
        yield* reconnected
        yield* Effect.promise(() => direct.replicaof("NO", "ONE"))
        yield* ready
        yield* invalidate
        yield* commit(2)
        assert.strictEqual(yield* ask, 2)
        yield* askUntilHit
      }).pipe(Effect.provide(queriesOver(port)))
    }))

  it.effect("are answered while a cluster lacks it, from the read model where its pictures are concerned", () =>
    Effect.gen(function*() {
      const { nodes, url } = yield* startCluster
      const doomed = nodes[2] ?? assert.fail("there are three nodes")
      const pictures = Array.from({ length: 60 }, (_, index) => PictureId.make(`clustered-${index}`))
      yield* Effect.gen(function*() {
        yield* ready
        const cache = yield* QueryCache
        yield* Effect.forEach(
          pictures,
          (picture) =>
            Effect.flatMap(
              cache.read(picture, key),
              ({ generation }) =>
                cache.put(picture, generation, key, { body: Buffer.from(`{"count":1}`), etag: `"1"`, nextCursor: null })
            )
        )
        yield* commit(2)
        const lost = new Set(yield* Effect.promise(() => doomed.keys("*")))
        assert.isAbove(lost.size, 0)
        // The server answers nothing to this: it ends.
        yield* Effect.ignore(Effect.tryPromise(() => doomed.shutdown("NOSAVE")))
        for (const _ of [1, 2, 3]) {
          const answers = yield* Effect.forEach(pictures, askFor, { concurrency: 10 })
          // The others may be answered from either: the breaker is one for the whole cluster.
          assert.isTrue(pictures.every((picture, index) => answers[index] === 2 || !lost.has(slotKey(picture))))
          assert.isTrue(answers.every((count) => count === 1 || count === 2))
        }
      }).pipe(Effect.provide(queriesOver(portOf(url), 200, true)))
    }))
})
