import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { PictureId } from "../../src/domain/ids.ts"
import { CachedAnswers } from "../../src/queries/CachedAnswers.ts"
import * as MemoryQueryCache from "../../src/queries/MemoryQueryCache.ts"
import { PictureSlots } from "../../src/queries/PictureSlots.ts"
import { EntryKey, QueryCache, timeToLiveSeconds } from "../../src/queries/QueryCache.ts"
import { queryCacheContract, scenarios } from "../contract/queryCache.ts"
import { QueryCacheControls } from "../contract/QueryCacheControls.ts"

const key = EntryKey.make("n20")
const answer = { body: new Uint8Array(100), etag: `"e"`, nextCursor: null }

const withControls = Layer.effectContext(Effect.sync(() => {
  const slots = new PictureSlots(MemoryQueryCache.defaultMaxBytes)
  let now = 0
  const controls = QueryCacheControls.of({
    evict: (picture) => Effect.sync(() => slots.forget(picture)),
    expire: () => Effect.sync(() => now += timeToLiveSeconds * 1000),
    flush: Effect.sync(() => slots.clear())
  })
  return Context.make(QueryCache, MemoryQueryCache.fromSlots(slots, { currentTimeMillisUnsafe: () => now })).pipe(
    Context.add(QueryCacheControls, controls)
  )
}))

queryCacheContract("The memory layer", withControls, [...scenarios, { readers: 2, writers: 2, faults: ["evict"] }])

const putOne = Effect.fnUntraced(function*(picture: PictureId) {
  const cache = yield* QueryCache
  const { generation } = yield* cache.read(picture, key)
  return yield* cache.put(picture, generation, key, answer)
})
const hits = (picture: PictureId) =>
  QueryCache.use((cache) => Effect.map(cache.read(picture, key), ({ _tag }) => _tag === "Hit"))

describe("The memory layer of the query cache", () => {
  it.effect("serves what was put for 30 seconds from the miss, however late the put came", () =>
    Effect.gen(function*() {
      const cache = yield* QueryCache
      const picture = PictureId.make("sunset-42")
      const { generation } = yield* cache.read(picture, key)
      yield* TestClock.adjust("20 seconds")
      assert.isTrue(yield* cache.put(picture, generation, key, answer))
      yield* TestClock.adjust(9_999)
      assert.isTrue(yield* hits(picture))
      yield* TestClock.adjust(1)
      assert.isFalse(yield* hits(picture))
    }).pipe(Effect.provide(MemoryQueryCache.layer())))

  it.effect("refuses a put that comes after the 30 seconds", () =>
    Effect.gen(function*() {
      const cache = yield* QueryCache
      const picture = PictureId.make("sunset-42")
      const { generation } = yield* cache.read(picture, key)
      yield* TestClock.adjust("30 seconds")
      assert.isFalse(yield* cache.put(picture, generation, key, answer))
    }).pipe(Effect.provide(MemoryQueryCache.layer())))

  it.effect("lets nothing live on when the clock goes back to before it", () =>
    Effect.gen(function*() {
      const picture = PictureId.make("sunset-42")
      yield* TestClock.setTime(1_700_000_000_000)
      yield* putOne(picture)
      yield* TestClock.setTime(1_600_000_000_000)
      assert.isFalse(yield* hits(picture))
    }).pipe(Effect.provide(MemoryQueryCache.layer())))

  it.effect("makes room by forgetting the pictures that were not used for longest", () =>
    Effect.gen(function*() {
      const [used, unused, newcomer] = [PictureId.make("used"), PictureId.make("unused"), PictureId.make("newcomer")]
      yield* putOne(used)
      yield* putOne(unused)
      assert.isTrue(yield* hits(used))
      yield* putOne(newcomer)
      assert.isTrue(yield* hits(newcomer))
      assert.isTrue(yield* hits(used))
      assert.isFalse(yield* hits(unused))
    }).pipe(Effect.provide(MemoryQueryCache.layer({ maxBytes: 2_400 }))))

  it.effect("lets itself be looked at, which finds what a read would and counts as no miss", () =>
    Effect.gen(function*() {
      const { peek } = yield* CachedAnswers
      const cache = yield* QueryCache
      const picture = PictureId.make("sunset-42")
      assert.isUndefined(peek(picture, key))
      const { generation } = yield* cache.read(picture, key)
      assert.isUndefined(peek(picture, key))
      yield* cache.put(picture, generation, key, answer)
      assert.strictEqual(peek(picture, key), answer)
      yield* TestClock.adjust("30 seconds")
      assert.isUndefined(peek(picture, key))
      yield* putOne(picture)
      yield* cache.invalidate([picture])
      assert.isUndefined(peek(picture, key))
    }).pipe(Effect.provide(MemoryQueryCache.layer())))
})
