import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber, Logger, Ref, References } from "effect"
import { whileLeading } from "../../src/projections/leading.ts"
import { quiet } from "../support/projection.ts"
import { PostgresControls } from "./PostgresControls.ts"
import type { It } from "./transactionSteps.ts"

/** Who leads, and who is next. */
export const leading = (it: It): void => {
  const holding = Effect.gen(function*() {
    const begun = yield* Deferred.make<void>()
    const times = yield* Ref.make(0)
    const hold = Ref.update(times, (n) => n + 1).pipe(
      Effect.andThen(Deferred.succeed(begun, undefined)),
      Effect.andThen(Effect.never)
    )
    return { begun: Deferred.await(begun), hold, times: Ref.get(times) }
  })

  it.effect("does so alone under a name, and is followed by who waits", () =>
    Effect.gen(function*() {
      const one = yield* holding
      const other = yield* holding
      const leader = yield* Effect.forkChild(whileLeading("alone", one.hold))
      yield* one.begun
      const next = yield* Effect.forkChild(whileLeading("alone", other.hold))
      const elsewhere = yield* holding
      const third = yield* Effect.forkChild(whileLeading("elsewhere", elsewhere.hold))
      yield* elsewhere.begun
      assert.strictEqual(yield* other.times, 0)
      yield* Fiber.interrupt(leader)
      yield* other.begun
      yield* Fiber.interruptAll([next, third])
    }).pipe(Effect.provide(quiet)))

  it.effect("leads again after the database has cut its session", () =>
    Effect.gen(function*() {
      const one = yield* holding
      const leader = yield* Effect.forkChild(whileLeading("cut", one.hold))
      yield* one.begun
      yield* PostgresControls.use(({ cutLeaders }) => cutLeaders)
      yield* Effect.repeat(one.times, { until: (times) => times === 2 })
      yield* Fiber.interrupt(leader)
    }).pipe(Effect.provide(quiet)))

  it.effect("warns of no end that is in good order", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const logger = Logger.layer([Logger.make(({ logLevel }) => said.push(logLevel))])
      const one = yield* holding
      yield* Effect.gen(function*() {
        const leader = yield* Effect.forkChild(whileLeading("warned", one.hold))
        yield* one.begun
        yield* Fiber.interrupt(leader)
        yield* whileLeading("warned", Effect.void)
      }).pipe(Effect.provide(logger), Effect.provideService(References.MinimumLogLevel, "Info"))
      assert.deepStrictEqual(said, ["Info", "Info"])
    }).pipe(Effect.provide(quiet)))

  it.effect("gives what its work comes to", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* whileLeading("briefly", Effect.succeed(42)), 42)
      assert.strictEqual(yield* Effect.flip(whileLeading("briefly", Effect.fail("no"))), "no")
    }).pipe(Effect.provide(quiet)))
}
