import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { ProjectionParked, ReadModelBehind } from "../../src/queries/positionRequirement.ts"
import { PositionWaiter, TooManyWaiters } from "../../src/queries/PositionWaiter.ts"
import { ReadModelUnavailable } from "../../src/queries/ReadModel.ts"
import { stream } from "../support/encodedCommits.ts"
import { StubReadModel } from "../support/StubReadModel.ts"

const [one, two] = [stream(1), stream(2)]

const reach = (id: typeof one, version: number, parked = false) =>
  StubReadModel.use(({ positions }) => Effect.sync(() => positions.set(id, { stream: id, version, parked })))
const looks = StubReadModel.use(({ looks }) => Effect.sync(() => looks.length))
const afterLooks = (number: number) =>
  Effect.repeat(Effect.andThen(Effect.yieldNow, looks), { until: (looks) => looks >= number })
const waitFor = (id: typeof one, version: number, atMost = 2_000, caller?: string) =>
  PositionWaiter.use((waiter) => waiter.await([{ stream: id, version }], atMost, caller))
const waiting = (id: typeof one, version: number, atMost?: number, caller?: string) =>
  Effect.forkChild(waitFor(id, version, atMost, caller), { startImmediately: true })
const nobody = { waiters: 0, callers: 0 }
const crowd = PositionWaiter.use((waiter) => waiter.crowd)

const layer = PositionWaiter.layer({ maxWaiters: 5, maxWaitersPerCaller: 2 }).pipe(
  Layer.provideMerge(StubReadModel.layer)
)

describe("PositionWaiter", () => {
  it.effect("looks at once, and lets go whoever has nothing to wait for", () =>
    Effect.gen(function*() {
      yield* reach(one, 3)
      yield* waitFor(one, 3)
      yield* waitFor(one, 2)
      assert.strictEqual(yield* looks, 2)
      assert.deepStrictEqual(yield* crowd, nobody)
    }).pipe(Effect.provide(layer)))

  it.effect("doesn't even look for version 0, nor for nothing", () =>
    Effect.gen(function*() {
      const waiter = yield* PositionWaiter
      yield* waitFor(one, 0)
      yield* waiter.await([], "2 seconds")
      assert.strictEqual(yield* looks, 0)
    }).pipe(Effect.provide(layer)))

  it.effect("waits until every stream has reached its version", () =>
    Effect.gen(function*() {
      const waiter = yield* PositionWaiter
      yield* reach(one, 1)
      const wait = yield* Effect.forkChild(
        waiter.await([{ stream: one, version: 2 }, { stream: two, version: 1 }], "2 seconds"),
        { startImmediately: true }
      )
      yield* TestClock.adjust("200 millis")
      yield* reach(one, 2)
      yield* TestClock.adjust("200 millis")
      assert.isUndefined(wait.pollUnsafe())
      yield* reach(two, 7)
      yield* TestClock.adjust("50 millis")
      yield* Fiber.join(wait)
    }).pipe(Effect.provide(layer)))

  it.effect("gives up in time", () =>
    Effect.gen(function*() {
      const wait = yield* waiting(one, 1, 1_000)
      yield* TestClock.adjust(999)
      assert.isUndefined(wait.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.instanceOf(yield* Effect.flip(Fiber.join(wait)), ReadModelBehind)
      assert.deepStrictEqual(yield* crowd, nobody)
    }).pipe(Effect.provide(layer)))

  it.effect("looks exactly once for whoever has no time", () =>
    Effect.gen(function*() {
      assert.instanceOf(yield* Effect.flip(waitFor(one, 1, 0)), ReadModelBehind)
      yield* reach(one, 1)
      yield* waitFor(one, 1, 0)
      assert.strictEqual(yield* looks, 2)
    }).pipe(Effect.provide(layer)))

  it.effect("fails at once when a stream is parked before its version, and only then", () =>
    Effect.gen(function*() {
      yield* reach(one, 3, true)
      yield* waitFor(one, 3)
      assert.deepStrictEqual(yield* Effect.flip(waitFor(one, 4)), new ProjectionParked({ stream: one }))
      yield* reach(two, 0, true)
      const wait = yield* waiting(two, 1)
      assert.deepStrictEqual(yield* Effect.flip(Fiber.join(wait)), new ProjectionParked({ stream: two }))
      assert.deepStrictEqual(yield* crowd, nobody)
    }).pipe(Effect.provide(layer)))

  it.effect("shares one look among all who wait", () =>
    Effect.gen(function*() {
      const waits = [yield* waiting(one, 1), yield* waiting(one, 1), yield* waiting(two, 1)]
      yield* TestClock.adjust("100 millis")
      const before = yield* looks
      yield* TestClock.adjust("50 millis")
      assert.strictEqual((yield* looks) - before, 1)
      const { looks: all } = yield* StubReadModel
      assert.sameMembers([...all.at(-1) ?? []], [one, two])
      yield* reach(one, 1)
      yield* reach(two, 1)
      yield* TestClock.adjust("50 millis")
      yield* Fiber.joinAll(waits)
    }).pipe(Effect.provide(layer)))

  it.effect("looks every 10 ms at first, then more and more rarely, but every 50 ms", () =>
    Effect.gen(function*() {
      yield* waiting(one, 1)
      yield* afterLooks(1)
      const times: Array<number> = []
      for (let elapsed = 1; elapsed <= 300; elapsed++) {
        const before = yield* looks
        yield* TestClock.adjust(1)
        if ((yield* looks) > before) times.push(elapsed)
      }
      assert.strictEqual(times[0], 10)
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      assert.deepStrictEqual(gaps, gaps.toSorted((a, b) => a - b))
      assert.strictEqual(gaps.at(-1), 50)
    }).pipe(Effect.provide(layer)))

  it.effect("doesn't look while nobody waits", () =>
    Effect.gen(function*() {
      const waiter = yield* PositionWaiter
      const wait = yield* waiting(one, 1)
      yield* afterLooks(1)
      yield* Fiber.interrupt(wait)
      const before = yield* looks
      yield* waiter.positionsChanged
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* looks, before)
    }).pipe(Effect.provide(layer)))

  it.effect("looks at once when somebody says that positions have changed", () =>
    Effect.gen(function*() {
      const waiter = yield* PositionWaiter
      const wait = yield* waiting(one, 1)
      yield* afterLooks(1)
      yield* reach(one, 1)
      yield* waiter.positionsChanged
      yield* Fiber.join(wait)
    }).pipe(Effect.provide(layer)))

  it.effect("looks again after a look during which positions have changed", () =>
    Effect.gen(function*() {
      const waiter = yield* PositionWaiter
      const stub = yield* StubReadModel
      const looked = yield* Deferred.make<void>()
      stub.before = Deferred.await(looked)
      const wait = yield* waiting(one, 1)
      yield* afterLooks(1)
      yield* reach(one, 1)
      yield* waiter.positionsChanged
      yield* Deferred.succeed(looked, undefined)
      yield* Fiber.join(wait)
    }).pipe(Effect.provide(layer)))

  it.effect("looks at once for whoever comes during a look", () =>
    Effect.gen(function*() {
      const stub = yield* StubReadModel
      yield* reach(two, 1)
      const looked = yield* Deferred.make<void>()
      stub.before = Deferred.await(looked)
      const early = yield* waiting(one, 1)
      yield* afterLooks(1)
      const late = yield* waiting(two, 1)
      yield* Deferred.succeed(looked, undefined)
      yield* Fiber.join(late)
      yield* Fiber.interrupt(early)
    }).pipe(Effect.provide(layer)))

  it.effect("refuses more waiters than may wait, in all and of one caller", () =>
    Effect.gen(function*() {
      const waits = [yield* waiting(one, 1, 1_000, "ana"), yield* waiting(one, 1, 1_000, "ana")]
      assert.instanceOf(yield* Effect.flip(waitFor(one, 1, 1_000, "ana")), TooManyWaiters)
      waits.push(yield* waiting(one, 1, 1_000, "bruno"), yield* waiting(one, 1), yield* waiting(one, 1))
      assert.deepStrictEqual(yield* crowd, { waiters: 5, callers: 2 })
      assert.instanceOf(yield* Effect.flip(waitFor(one, 1)), TooManyWaiters)
      yield* Fiber.interruptAll(waits)
      assert.deepStrictEqual(yield* crowd, nobody)
      yield* reach(one, 1)
      yield* waitFor(one, 1, 1_000, "ana")
      assert.deepStrictEqual(yield* crowd, nobody)
    }).pipe(Effect.provide(layer)))

  it.effect("tells all who were looked for that the read model can't be reached, and looks again for the next", () =>
    Effect.gen(function*() {
      const stub = yield* StubReadModel
      const unavailable = new ReadModelUnavailable({ cause: "a test" })
      stub.before = Effect.fail(unavailable)
      assert.strictEqual(yield* Effect.flip(waitFor(one, 1)), unavailable)
      stub.before = Effect.die("broken")
      const exit = yield* Effect.exit(waitFor(one, 1))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      stub.before = Effect.void
      yield* reach(one, 1)
      yield* waitFor(one, 1)
      assert.deepStrictEqual(yield* crowd, nobody)
    }).pipe(Effect.provide(layer)))

  it.effect("gives up in time also while the read model doesn't answer", () =>
    Effect.gen(function*() {
      const stub = yield* StubReadModel
      stub.before = Effect.never
      const wait = yield* waiting(one, 1, 1_000)
      yield* afterLooks(1)
      yield* TestClock.adjust(1_000)
      assert.instanceOf(yield* Effect.flip(Fiber.join(wait)), ReadModelBehind)
    }).pipe(Effect.provide(layer)))

  it.effect("interrupts whoever still waits when the program ends", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const services = yield* Layer.buildWithScope(layer, scope)
      const wait = yield* Effect.forkChild(Effect.provideContext(waitFor(one, 1), services), { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(wait)))
    }))
})
