import { assert, it } from "@effect/vitest"
import { Effect, Layer, Metric } from "effect"
import { Cluster, type Redis } from "ioredis"
import { PictureId } from "../../src/domain/ids.ts"
import { RedisClient } from "../../src/platform/Redis.ts"
import { cacheErrors, cacheHits, cacheMisses } from "../../src/queries/cacheMetrics.ts"
import { EntryKey, Generation, QueryCache, timeToLiveSeconds } from "../../src/queries/QueryCache.ts"
import * as RedisQueryCache from "../../src/queries/RedisQueryCache.ts"
import { SharedAnswers } from "../../src/queries/SharedAnswers.ts"
import { slotKey } from "../../src/queries/slotKey.ts"
import { queryCacheContract } from "../contract/queryCache.ts"
import type { Scenario } from "../contract/queryCacheActors.ts"
import { QueryCacheControls } from "../contract/QueryCacheControls.ts"
import { cluster, describeRedis, describeRedisKinds, type RedisKind, single } from "../engines/redis.ts"

// A machine that is busy with other suites is no slow Redis.
const unhurried = { timeLimit: 10_000, invalidationTimeLimit: 10_000 }

const layerOn = (kind: RedisKind) => RedisQueryCache.layer(unhurried).pipe(Layer.provideMerge(kind.fresh()))

const mastersOf = (client: Redis | Cluster): ReadonlyArray<Redis> =>
  client instanceof Cluster ? client.nodes("master") : [client]

const controls = Layer.effect(
  QueryCacheControls,
  RedisClient.use(({ client }) =>
    Effect.succeed(QueryCacheControls.of({
      evict: (picture) => Effect.promise(() => client.del(slotKey(picture))),
      // A time in the past: what Redis does when the time is over, it does at once.
      expire: (picture) => Effect.promise(() => client.pexpireat(slotKey(picture), 1)),
      flush: Effect.promise(() => Promise.all(mastersOf(client).map((master) => master.flushall())))
    }))
  )
)

const explored: ReadonlyArray<Scenario> = [
  { readers: 2, writers: 1, faults: [] },
  { readers: 1, writers: 1, faults: ["evict"] },
  { readers: 1, writers: 1, faults: ["expire"] },
  { readers: 1, writers: 1, faults: ["flush"] }
]

const contractOn = (kind: RedisKind, explored: ReadonlyArray<Scenario>) =>
  describeRedis("The layer of the query cache in Redis", () => {
    queryCacheContract(`On ${kind.name} it`, controls.pipe(Layer.provideMerge(layerOn(kind))), explored)
  })

contractOn(single, [...explored, { readers: 2, writers: 1, faults: ["evict"] }])
contractOn(cluster, explored)

const key = EntryKey.make("newest 20")
const answer = { body: new TextEncoder().encode(`{"items":[]}`), etag: `"e"`, nextCursor: "next" }

const put = Effect.fnUntraced(function*(picture: PictureId, entry = key) {
  const cache = yield* QueryCache
  const { generation } = yield* cache.read(picture, entry)
  return yield* cache.put(picture, generation, entry, answer)
})
const command = (name: string, ...words: ReadonlyArray<string>) =>
  RedisClient.use(({ client }) => Effect.promise(() => client.call(name, ...words)))
const count = (counter: typeof cacheHits) => Effect.map(Metric.value(counter), ({ count }) => count)

describeRedisKinds("The query cache", (kind) => {
  it.layer(layerOn(kind))((it) => {
    it.effect("keeps a slot for 30 seconds from the miss, which no put and no hit extends", () =>
      Effect.gen(function*() {
        const picture = PictureId.make("lifetime")
        const cache = yield* QueryCache
        const { generation } = yield* cache.read(picture, key)
        const expiry = yield* command("PEXPIRETIME", slotKey(picture))
        const remaining = Number(yield* command("PTTL", slotKey(picture)))
        assert.isAtMost(remaining, timeToLiveSeconds * 1000)
        assert.isAbove(remaining, 0)
        yield* cache.put(picture, generation, key, answer)
        assert.strictEqual((yield* cache.read(picture, key))._tag, "Hit")
        assert.strictEqual(yield* command("PEXPIRETIME", slotKey(picture)), expiry)
      }))

    it.effect("tells a server its scripts again when it has forgotten them", () =>
      Effect.gen(function*() {
        const picture = PictureId.make("forgotten-scripts")
        const { client } = yield* RedisClient
        const forgetScripts = Effect.promise(() =>
          Promise.all(mastersOf(client).map((master) => master.script("FLUSH")))
        )
        const cache = yield* QueryCache
        yield* forgetScripts
        const { generation } = yield* cache.read(picture, key)
        yield* forgetScripts
        assert.isTrue(yield* cache.put(picture, generation, key, answer))
        yield* forgetScripts
        assert.strictEqual((yield* cache.read(picture, key))._tag, "Hit")
      }))

    it.effect("forgets thousands of pictures at once, wherever they are", () =>
      Effect.gen(function*() {
        const pictures = Array.from({ length: 1234 }, (_, index) => PictureId.make(`many-${index}`))
        const cache = yield* QueryCache
        yield* Effect.forEach(pictures, (picture) => put(picture), { concurrency: 50, discard: true })
        yield* cache.invalidate(pictures)
        const lookups = yield* Effect.forEach(pictures, (picture) => cache.read(picture, key), { concurrency: 50 })
        assert.isTrue(lookups.every(({ _tag }) => _tag === "Miss"))
      }))

    it.effect("is looked at by those in a hurry, who mint nothing where there is nothing", () =>
      Effect.gen(function*() {
        const picture = PictureId.make("in-a-hurry")
        const { find } = yield* SharedAnswers
        const look = Effect.promise(() => find(picture, key))
        assert.isUndefined(yield* look)
        assert.strictEqual(yield* command("EXISTS", slotKey(picture)), 0)
        yield* put(picture)
        const found = yield* look
        assert.deepStrictEqual(Buffer.from(found?.body ?? []), Buffer.from(answer.body))
        assert.strictEqual(found?.etag, answer.etag)
        assert.strictEqual(found?.nextCursor, answer.nextCursor)
        yield* QueryCache.use((cache) => cache.invalidate([picture]))
        assert.isUndefined(yield* look)
      }))

    it.effect("is looked at once for all who come in the same turn of the event loop, and anew in the next", () =>
      Effect.gen(function*() {
        const picture = PictureId.make("in-a-crowd")
        const { find } = yield* SharedAnswers
        yield* put(picture)
        const [one, same, other] = [find(picture, key), find(picture, key), find(picture, EntryKey.make("count"))]
        assert.strictEqual(one, same)
        assert.isUndefined(yield* Effect.promise(() => other))
        yield* Effect.promise(() => one)
        yield* QueryCache.use((cache) => cache.invalidate([picture]))
        assert.isUndefined(yield* Effect.promise(() => find(picture, key)))
      }))

    it.effect("takes an entry that it can't read for a miss, and replaces it", () =>
      Effect.gen(function*() {
        const picture = PictureId.make("another-format")
        const cache = yield* QueryCache
        const { find } = yield* SharedAnswers
        yield* put(picture)
        for (const entry of ["", "\u0002somebody else's", "\u0001\u00ff\u00ff\u0000\u0000"]) {
          yield* command("HSET", slotKey(picture), key, entry)
          assert.strictEqual((yield* cache.read(picture, key))._tag, "Miss")
          assert.isUndefined(yield* Effect.promise(() => find(picture, key)))
        }
        assert.isTrue(yield* put(picture))
        assert.strictEqual((yield* cache.read(picture, key))._tag, "Hit")
      }))

    it.effect("says that it couldn't, when the key is no slot of ours, and counts hits, misses and failures", () =>
      Effect.gen(function*() {
        const cache = yield* QueryCache
        const before = yield* Effect.forEach([cacheHits, cacheMisses, cacheErrors.read, cacheErrors.put], count)
        const counted = PictureId.make("counted")
        yield* put(counted)
        yield* cache.read(counted, key)
        const foreign = PictureId.make("foreign")
        yield* command("SET", slotKey(foreign), "text")
        assert.strictEqual((yield* Effect.flip(cache.read(foreign, key))).operation, "read")
        const failed = yield* Effect.flip(cache.put(foreign, Generation.make("g"), key, answer))
        assert.strictEqual(failed.operation, "put")
        const after = yield* Effect.forEach([cacheHits, cacheMisses, cacheErrors.read, cacheErrors.put], count)
        assert.deepStrictEqual(after.map((number, index) => number - (before[index] ?? 0)), [1, 1, 1, 1])
        yield* cache.invalidate([foreign])
        assert.strictEqual((yield* cache.read(foreign, key))._tag, "Miss")
      }))
  })
})

describeRedis("A hit", () => {
  it.layer(layerOn(single))((it) => {
    it.effect("is one command", () =>
      Effect.gen(function*() {
        const picture = PictureId.make("one-command")
        const cache = yield* QueryCache
        const { find } = yield* SharedAnswers
        yield* put(picture)
        const processed = Effect.map(
          command("INFO", "stats"),
          (info) => Number(/total_commands_processed:(\d+)/.exec(String(info))?.[1])
        )
        const before = yield* processed
        const asked = yield* processed
        yield* cache.read(picture, key)
        const read = yield* processed
        yield* Effect.promise(() => find(picture, key))
        const found = yield* processed
        // What a script does is counted too: its one look into the slot.
        assert.strictEqual(read - asked - (asked - before), 2)
        assert.strictEqual(found - read - (asked - before), 1)
      }))
  })
})
