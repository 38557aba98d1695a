import { assert, describe, it } from "@effect/vitest"
import { Array, Cause, Clock, Deferred, Effect, Exit, Fiber } from "effect"
import { Chance } from "./Chance.ts"
import { Journal } from "./Journal.ts"
import { runSimulated, SimulationStuck } from "./simulatedTime.ts"

/** A promise that is settled when so many others have been. */
const settledAfter = (promises: number): Promise<void> =>
  promises === 0 ? Promise.resolve() : Promise.resolve().then(() => settledAfter(promises - 1))

/** Some who sleep, wait for promises and for each other, and tell what they do. */
const bustle = (seed: number, meanwhile: () => void) =>
  Effect.gen(function*() {
    const clock = yield* Clock.clockWith(Effect.succeed)
    const journal = new Journal(() => clock.currentTimeMillisUnsafe(), true)
    const chance = new Chance(`bustle ${seed}`)
    yield* Effect.forEach(
      Array.makeBy(20, (n) => chance.fork(n)),
      Effect.fnUntraced(function*(own) {
        for (let round = 0; round < 10; round++) {
          yield* Effect.sleep(own.integer(0, 3))
          journal.tell(own.name, () => "slept")
          yield* Effect.promise(() => settledAfter(own.integer(0, 5)))
          meanwhile()
          journal.tell(own.name, () => "was told")
        }
      }),
      { concurrency: "unbounded" }
    )
    return journal.steps
  })

const stuckIn = async (effect: Effect.Effect<unknown>, limits = {}) => {
  const exit = await runSimulated(effect, limits)
  assert(Exit.isFailure(exit))
  const stuck = Cause.squash(exit.cause)
  assert(stuck instanceof SimulationStuck)
  return stuck.message
}

describe("Simulated time", () => {
  it("passes at once, and exactly as it is slept", async () => {
    const exit = await runSimulated(
      Effect.gen(function*() {
        const before = yield* Clock.currentTimeMillis
        yield* Effect.all([Effect.sleep("3 days"), Effect.sleep("5 hours")], { concurrency: "unbounded" })
        return (yield* Clock.currentTimeMillis) - before
      })
    )
    assert.deepStrictEqual(exit, Exit.succeed(3 * 24 * 60 * 60 * 1000))
  })

  it("goes the same way each time, promises among it, however busy the machine is", async () => {
    const once = await runSimulated(bustle(1, () => undefined))
    const again = await runSimulated(
      bustle(1, () => {
        for (const until = performance.now() + 0.2; performance.now() < until;);
      })
    )
    assert(Exit.isSuccess(once))
    assert.lengthOf(once.value, 400)
    assert.deepStrictEqual(again, once)
    assert.notDeepEqual(await runSimulated(bustle(2, () => undefined)), once)
  })

  it("doesn't pass while a promise that can be settled isn't", async () => {
    const exit = await runSimulated(Effect.gen(function*() {
      const start = yield* Clock.currentTimeMillis
      const sleeper = yield* Effect.forkChild(Effect.sleep(1))
      yield* Effect.promise(() => settledAfter(100))
      const after = yield* Clock.currentTimeMillis
      yield* Fiber.join(sleeper)
      return after - start
    }))
    assert.deepStrictEqual(exit, Exit.succeed(0))
  })

  it("wakes nobody who has gone away", async () => {
    const exit = await runSimulated(Effect.gen(function*() {
      const woken: Array<string> = []
      const gone = yield* Effect.forkChild(Effect.delay(Effect.sync(() => woken.push("gone")), 5))
      yield* Effect.forkChild(Effect.delay(Effect.sync(() => woken.push("there")), 5))
      yield* Effect.sleep(1)
      yield* Fiber.interrupt(gone)
      yield* Effect.sleep(10)
      return woken
    }))
    assert.deepStrictEqual(exit, Exit.succeed(["there"]))
  })

  it("says so where nobody can go on", async () => {
    assert.match(
      await stuckIn(Effect.flatMap(Deferred.make<void>(), Deferred.await)),
      /stuck at 2026-01-01T00:00:00.000Z: nobody sleeps/
    )
  })

  it("says so where it would go on for ever", async () => {
    assert.match(
      await stuckIn(Effect.forever(Effect.sleep("1 day")), { duration: "1 week" }),
      /too much time has passed/
    )
    assert.match(await stuckIn(Effect.forever(Effect.yieldNow), { steps: 1000 }), /1000 steps and no time passed/)
  })
})
