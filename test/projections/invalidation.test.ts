import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Metric, Ref } from "effect"
import type { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { invalidate } from "../../src/projections/invalidation.ts"
import { invalidationsFailed } from "../../src/projections/metrics.ts"
import { QueryCache, QueryCacheUnavailable } from "../../src/queries/QueryCache.ts"
import { pglite } from "../engines/databases.ts"
import { commit, edited, harbour, history, posted, stream, sunset } from "../support/encodedCommits.ts"
import { project, projectorOn } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, readModel } from "../support/readModel.ts"
import { RecordingCache } from "../support/RecordingCache.ts"

const down = Effect.fail(new QueryCacheUnavailable({ operation: "invalidate", cause: "down" }))
const failures = Effect.map(Metric.value(invalidationsFailed), ({ count }) => count)
const calls = Effect.flatMap(RecordingCache, ({ invalidations }) => Ref.get(invalidations))
const behave = (behaviour: Effect.Effect<void, QueryCacheUnavailable>) =>
  Effect.flatMap(RecordingCache, (cache) => Ref.set(cache.behaviour, behaviour))

const invalidating = Effect.flatMap(QueryCache, (cache) => invalidate(cache, [sunset, harbour]))

describe("Telling the cache what to forget", () => {
  it.effect("is one call for all pictures", () =>
    Effect.gen(function*() {
      const before = yield* failures
      yield* invalidating
      assert.deepStrictEqual(yield* calls, [[sunset, harbour]])
      assert.strictEqual(yield* failures, before)
    }).pipe(Effect.provide(RecordingCache.layer)))

  it.effect("is tried again until it succeeds", () =>
    Effect.gen(function*() {
      yield* behave(down)
      const before = yield* failures
      const fiber = yield* Effect.forkChild(invalidating)
      yield* TestClock.adjust("500 millis")
      assert.isAbove((yield* calls).length, 2)
      yield* behave(Effect.void)
      yield* TestClock.adjust("500 millis")
      assert.strictEqual(yield* Fiber.join(fiber), 0)
      assert.strictEqual(yield* failures, before)
    }).pipe(Effect.provide(RecordingCache.layer)))

  it.effect.each(
    [
      ["a cache that is down", down],
      ["a cache that doesn't answer", Effect.never],
      ["a cache that is broken", Effect.die(new Error("broken"))]
    ] as const
  )("ends after a second, counts it, and doesn't fail, with %s", ([, behaviour]) =>
    Effect.gen(function*() {
      yield* behave(behaviour)
      const before = yield* failures
      const fiber = yield* Effect.forkChild(invalidating)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), 1)
      assert.strictEqual((yield* failures) - before, 1)
    }).pipe(Effect.provide(RecordingCache.layer)))

  it.effect("is nothing where no picture has changed", () =>
    Effect.gen(function*() {
      yield* invalidate(yield* QueryCache, [])
      assert.deepStrictEqual(yield* calls, [])
    }).pipe(Effect.provide(RecordingCache.layer)))
})

describe("The projector", () => {
  it.layer(projectorOn(pglite))((it) => {
    it.effect("tells the cache after it has committed, each picture once", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* RecordingCache.taken
        const seen = yield* Ref.make<unknown>(null)
        const context = yield* Effect.context<SqlClient.SqlClient>()
        // PGlite has one connection: inside the transaction this would wait for it for ever.
        yield* behave(readModel.pipe(
          Effect.flatMap(({ pictures }) => Ref.set(seen, pictures)),
          Effect.provideContext(context),
          Effect.orDie
        ))
        yield* project([
          ...history(stream(1), [posted("one")], [edited("two")]),
          commit(stream(2), 1, posted("other")),
          commit(stream(3), 1, posted("third", harbour))
        ])
        assert.deepStrictEqual(yield* RecordingCache.taken, [[sunset, harbour]])
        yield* behave(Effect.void)
        assert.deepStrictEqual(yield* Ref.get(seen), { [harbour]: 1, [sunset]: 2 })
      }))

    it.effect("tells the cache also when the batch changed nothing: its first delivery may have ended before that", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const log = [
          ...history(stream(1), [posted("one")], [edited("two")]),
          commit(stream(3), 1, posted("x", harbour))
        ]
        yield* project(log)
        yield* RecordingCache.taken
        assert.deepInclude(yield* project(log.slice(0, 1)), { applied: 0 })
        assert.deepStrictEqual(yield* RecordingCache.taken, [[sunset]])
        yield* project(log)
        assert.deepStrictEqual(yield* RecordingCache.taken, [[sunset, harbour]])
      }))

    it.effect("tells the cache about each part of a large gap as soon as the part is visible", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const edits = Array.from({ length: 250 }, (_, n) => [edited(`edit ${n}`)] as const)
        const log = history(stream(1), [posted("one")], ...edits)
        yield* RawLog.write(log)
        yield* RecordingCache.taken
        yield* project(log.slice(-1))
        assert.deepStrictEqual(yield* RecordingCache.taken, [[sunset], [sunset], [sunset]])
      }))

    it.effect("has projected the batch even when the cache can't be told", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* behave(Effect.die(new Error("broken")))
        const before = yield* failures
        const { applied } = yield* project([commit(stream(1), 1, posted("one"))])
        yield* behave(Effect.void)
        assert.strictEqual(applied, 1)
        assert.strictEqual((yield* failures) - before, 1)
        assert.lengthOf((yield* readModel).comments, 1)
      }))
  })
})
