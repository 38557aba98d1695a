import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { PictureId } from "../../src/domain/ids.ts"
import * as GuardedReadModel from "../../src/queries/guardedReadModel.ts"
import { ReadModel, ReadModelUnavailable } from "../../src/queries/ReadModel.ts"
import { makeSkewedClock } from "../simulation/kernel/SkewedClock.ts"
import { StubReadModel } from "../support/StubReadModel.ts"

const guarded = GuardedReadModel.layer.pipe(Layer.provideMerge(StubReadModel.layer))

const ask = ReadModel.use((readModel) =>
  readModel.page({
    list: { _tag: "OfPicture", picture: PictureId.make("p") },
    order: "newest",
    limit: 1,
    after: undefined
  })
)

const down = Effect.fail(new ReadModelUnavailable({ cause: new Error("away") }))

const trip = Effect.gen(function*() {
  const script = yield* StubReadModel
  script.before = down
  for (let n = 0; n < 5; n++) yield* Effect.flip(ask)
  return script
})

describe("A guarded read model", () => {
  it.effect("answers as the one behind it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ask, { comments: [], more: false, count: 0 })
    }).pipe(Effect.provide(guarded)))

  it.effect("is not asked while it is down, and fails at once as if it had been", () =>
    Effect.gen(function*() {
      const script = yield* trip
      const error = yield* Effect.flip(ask)
      assert.strictEqual(error._tag, "ReadModelUnavailable")
      assert.lengthOf(script.pages, 5)
    }).pipe(Effect.provide(guarded)))

  it.effect("is tried by one query after a while, and by all once that has been answered", () =>
    Effect.gen(function*() {
      const script = yield* trip
      yield* TestClock.adjust("1 second")
      script.before = Effect.void
      yield* ask
      yield* ask
      assert.lengthOf(script.pages, 7)
    }).pipe(Effect.provide(guarded)))

  it.effect("is tried each second, however long it has been away", () =>
    Effect.gen(function*() {
      const script = yield* trip
      for (let n = 0; n < 600; n++) {
        yield* TestClock.adjust("100 millis")
        yield* Effect.flip(ask)
      }
      script.before = Effect.void
      yield* TestClock.adjust("1 second")
      assert.isTrue(Result.isSuccess(yield* Effect.result(ask)))
    }).pipe(Effect.provide(guarded)))

  it.effect("is tried again in time, although the clock is set back meanwhile", () =>
    Effect.gen(function*() {
      const truth = yield* Clock.clockWith(Effect.succeed)
      const clock = yield* makeSkewedClock
      yield* Effect.gen(function*() {
        const script = yield* trip
        clock.skew = -3_600_000
        script.before = Effect.void
        yield* Effect.provideService(TestClock.adjust("1 second"), Clock.Clock, truth)
        assert.isTrue(Result.isSuccess(yield* Effect.result(ask)))
      }).pipe(Effect.provideService(Clock.Clock, clock))
    }).pipe(Effect.provide(guarded)))

  it.effect("isn't taken as down because of queries that nobody waits for any more", () =>
    Effect.gen(function*() {
      const script = yield* StubReadModel
      script.before = Effect.never
      for (let n = 0; n < 10; n++) yield* Fiber.interrupt(yield* Effect.forkChild(ask, { startImmediately: true }))
      script.before = Effect.void
      assert.isTrue(Result.isSuccess(yield* Effect.result(ask)))
    }).pipe(Effect.provide(guarded)))
})
