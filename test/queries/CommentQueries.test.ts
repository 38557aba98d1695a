import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Schema } from "effect"
import { PictureId } from "../../src/domain/ids.ts"
import { CommentQueries, type PicturePageQuery } from "../../src/queries/CommentQueries.ts"
import { InvalidCursor } from "../../src/queries/Cursor.ts"
import * as MemoryQueryCache from "../../src/queries/MemoryQueryCache.ts"
import { QueryCache, QueryCacheUnavailable } from "../../src/queries/QueryCache.ts"
import { ReadModelUnavailable } from "../../src/queries/ReadModel.ts"
import { StubReadModel } from "../support/StubReadModel.ts"

const picture = PictureId.make("sunset-42")
const first: PicturePageQuery = { picture, order: "newest", limit: 20, cursor: undefined, fresh: false }
const now = { startImmediately: true } as const

const countIn = Schema.decodeSync(Schema.fromJsonString(Schema.Struct({ count: Schema.Int })))
const decoder = new TextDecoder()

/** Asks for a page, and answers with the count in its body, which here tells one read of the read model from another. */
const ask = (query: PicturePageQuery = first) =>
  CommentQueries.use((queries) =>
    Effect.map(queries.picturePage(query), ({ body }) => countIn(decoder.decode(body)).count)
  )
const forkAsk = (query?: PicturePageQuery) => Effect.forkChild(ask(query), now)
const askCount = (fresh: boolean) =>
  CommentQueries.use((queries) =>
    Effect.map(queries.pictureCount(picture, { fresh }), ({ body }) => countIn(decoder.decode(body)).count)
  )
const commit = (count: number) =>
  StubReadModel.use((stub) => Effect.sync(() => stub.slice = { comments: [], more: false, count }))
const invalidate = QueryCache.use((cache) => cache.invalidate([picture]))
const reads = StubReadModel.use(({ pages }) => Effect.sync(() => pages.length))

/** Lets the reads that begin from now on wait, and gives what ends their waiting. */
const hold = Effect.gen(function*() {
  const stub = yield* StubReadModel
  const held = yield* Deferred.make<void>()
  stub.before = Deferred.await(held)
  return { release: Deferred.succeed(held, undefined) }
})
const afterReads = (number: number) =>
  Effect.repeat(Effect.andThen(Effect.yieldNow, reads), { until: (reads) => reads >= number })

const layerOver = (cache: Layer.Layer<QueryCache>) =>
  CommentQueries.layer.pipe(Layer.provideMerge(Layer.merge(cache, StubReadModel.layer)))
const layer = layerOver(MemoryQueryCache.layer())

const down = (operation: "read" | "put" | "invalidate") =>
  Effect.fail(new QueryCacheUnavailable({ operation, cause: "a test" }))
const layerDown = layerOver(Layer.succeed(
  QueryCache,
  QueryCache.of({ read: () => down("read"), put: () => down("put"), invalidate: () => down("invalidate") })
))
const layerReadOnly = layerOver(
  Layer.effect(
    QueryCache,
    Effect.map(QueryCache, (cache) => QueryCache.of({ ...cache, put: () => down("put") }))
  ).pipe(Layer.provide(MemoryQueryCache.layer()))
)

describe("CommentQueries", () => {
  it.effect("reads a page once, then serves it from the cache until the picture is invalidated", () =>
    Effect.gen(function*() {
      const queries = yield* CommentQueries
      yield* commit(1)
      const read = yield* queries.picturePage(first)
      yield* commit(2)
      const cached = yield* queries.picturePage(first)
      assert.deepStrictEqual(cached, read)
      yield* invalidate
      assert.strictEqual(yield* ask(), 2)
      assert.strictEqual(yield* reads, 2)
    }).pipe(Effect.provide(layer)))

  it.effect("keeps apart pages of another order, limit or cursor, and the count", () =>
    Effect.gen(function*() {
      yield* commit(1)
      yield* ask()
      yield* commit(2)
      assert.strictEqual(yield* ask({ ...first, limit: 19 }), 2)
      assert.strictEqual(yield* ask({ ...first, order: "oldest" }), 2)
      assert.strictEqual(yield* askCount(false), 2)
      assert.strictEqual(yield* ask(), 1)
      yield* commit(3)
      assert.strictEqual(yield* askCount(false), 2)
    }).pipe(Effect.provide(layer)))

  it.effect("reads afresh what must be fresh, and keeps none of it", () =>
    Effect.gen(function*() {
      yield* commit(1)
      yield* ask()
      yield* askCount(false)
      yield* commit(2)
      assert.strictEqual(yield* ask({ ...first, fresh: true }), 2)
      assert.strictEqual(yield* askCount(true), 2)
      assert.strictEqual(yield* ask(), 1)
      assert.strictEqual(yield* askCount(false), 1)
    }).pipe(Effect.provide(layer)))

  it.effect("lets those who miss together share one read", () =>
    Effect.gen(function*() {
      const { release } = yield* hold
      const asking = yield* Effect.forEach(Array.from({ length: 50 }), () => forkAsk())
      yield* afterReads(1)
      yield* release
      yield* Fiber.joinAll(asking)
      assert.strictEqual(yield* reads, 1)
    }).pipe(Effect.provide(layer)))

  it.effect("lets nobody share a read that an invalidation has overtaken, nor keeps what it found", () =>
    Effect.gen(function*() {
      yield* commit(1)
      const { release } = yield* hold
      const early = yield* forkAsk()
      yield* afterReads(1)
      yield* commit(2)
      yield* invalidate
      const late = yield* forkAsk()
      yield* afterReads(2)
      yield* release
      assert.strictEqual(yield* Fiber.join(early), 1)
      assert.strictEqual(yield* Fiber.join(late), 2)
      assert.strictEqual(yield* ask(), 2)
      assert.strictEqual(yield* reads, 2)
    }).pipe(Effect.provide(layer)))

  it.effect("lets nobody who must read afresh share a read that was begun before", () =>
    Effect.gen(function*() {
      yield* commit(1)
      const { release } = yield* hold
      const early = yield* forkAsk()
      yield* afterReads(1)
      yield* commit(2)
      const fresh = yield* forkAsk({ ...first, fresh: true })
      yield* release
      assert.strictEqual(yield* Fiber.join(early), 1)
      assert.strictEqual(yield* Fiber.join(fresh), 2)
    }).pipe(Effect.provide(layer)))

  it.effect("answers those who stay when the one who began the read leaves", () =>
    Effect.gen(function*() {
      yield* commit(1)
      const { release } = yield* hold
      const starter = yield* forkAsk()
      const other = yield* forkAsk()
      yield* afterReads(1)
      yield* Fiber.interrupt(starter)
      yield* release
      assert.strictEqual(yield* Fiber.join(other), 1)
      assert.strictEqual(yield* reads, 1)
    }).pipe(Effect.provide(layer)))

  it.effect("tells all who shared a read that it failed, and reads again for the next", () =>
    Effect.gen(function*() {
      const stub = yield* StubReadModel
      const unavailable = new ReadModelUnavailable({ cause: "a test" })
      stub.before = Effect.andThen(Effect.yieldNow, Effect.fail(unavailable))
      const asking = yield* Effect.forEach([1, 2], () => Effect.forkChild(Effect.flip(ask()), now))
      assert.deepStrictEqual(yield* Fiber.joinAll(asking), [unavailable, unavailable])
      stub.before = Effect.void
      yield* commit(3)
      assert.strictEqual(yield* ask(), 3)
    }).pipe(Effect.provide(layer)))

  it.effect.each([
    { state: "down", layer: layerDown },
    { state: "refusing to keep anything", layer: layerReadOnly }
  ])("answers from the read model while the cache is $state", ({ layer }) =>
    Effect.gen(function*() {
      yield* commit(1)
      assert.strictEqual(yield* ask(), 1)
      assert.strictEqual(yield* askCount(false), 1)
      yield* Effect.yieldNow
      yield* commit(2)
      assert.strictEqual(yield* ask(), 2)
      assert.strictEqual(yield* askCount(false), 2)
    }).pipe(Effect.provide(layer)))

  it.effect("refuses a cursor that was not given out for this list, before it asks anybody", () =>
    Effect.gen(function*() {
      assert.instanceOf(yield* Effect.flip(ask({ ...first, cursor: "made-up" })), InvalidCursor)
      assert.instanceOf(yield* Effect.flip(ask({ ...first, cursor: "made-up", fresh: true })), InvalidCursor)
      assert.strictEqual(yield* reads, 0)
    }).pipe(Effect.provide(layer)))
})
