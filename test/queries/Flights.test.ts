import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Deferred, Effect, Exit, Fiber, Scope } from "effect"
import { makeFlights } from "../../src/queries/Flights.ts"
import { elementOf, integer } from "../support/arbitraries.ts"

const nothing = () => Effect.void
const now = { startImmediately: true } as const

const ended = (flights: { readonly size: () => number }) =>
  Effect.repeat(Effect.yieldNow, { until: () => flights.size() === 0 })

/** A look-up that lands when the test says so, and tells how often it was begun and called off. */
const makeLookUp = Effect.fnUntraced(function*() {
  const landing = yield* Deferred.make<string, "lost">()
  const tally = { begun: 0, calledOff: 0 }
  const effect = Effect.suspend(() => {
    tally.begun++
    return Effect.onInterrupt(Deferred.await(landing), () => Effect.sync(() => tally.calledOff++))
  })
  return { landing, tally, effect }
})

describe("Flights", () => {
  it.effect("lets all who want the same thing at the same time wait for one look-up", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      const { effect, landing, tally } = yield* makeLookUp()
      const passengers = yield* Effect.forEach(
        Array.from({ length: 100 }),
        () => Effect.forkChild(flights.join("a", effect, nothing), now)
      )
      assert.strictEqual(flights.size(), 1)
      yield* Deferred.succeed(landing, "found")
      assert.deepStrictEqual(new Set(yield* Fiber.joinAll(passengers)), new Set(["found"]))
      assert.strictEqual(tally.begun, 1)
      yield* ended(flights)
    }))

  it.effect("keeps flights of different names apart", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      const found = yield* Effect.all(
        [flights.join("a", Effect.succeed("A"), nothing), flights.join("b", Effect.succeed("B"), nothing)],
        { concurrency: 2 }
      )
      assert.deepStrictEqual(found, ["A", "B"])
    }))

  it.effect("begins anew for whoever comes after a flight has ended", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      assert.strictEqual(yield* flights.join("a", Effect.succeed("first"), nothing), "first")
      yield* ended(flights)
      assert.strictEqual(yield* flights.join("a", Effect.succeed("second"), nothing), "second")
    }))

  it.effect("goes on when the one who started it is interrupted while others wait", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      const { effect, landing, tally } = yield* makeLookUp()
      const starter = yield* Effect.forkChild(flights.join("a", effect, nothing), now)
      const other = yield* Effect.forkChild(flights.join("a", effect, nothing), now)
      yield* Fiber.interrupt(starter)
      yield* Deferred.succeed(landing, "found")
      assert.strictEqual(yield* Fiber.join(other), "found")
      assert.deepStrictEqual(tally, { begun: 1, calledOff: 0 })
      yield* ended(flights)
    }))

  it.effect("is called off when the last one leaves, and nobody joins it any more", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      const mayEnd = yield* Deferred.make<void>()
      const slowToEnd = Effect.onInterrupt(Effect.never, () => Deferred.await(mayEnd))
      const one = yield* Effect.forkChild(flights.join("a", slowToEnd, nothing), now)
      const two = yield* Effect.forkChild(flights.join("a", slowToEnd, nothing), now)
      yield* Fiber.interruptAll([one, two])
      assert.strictEqual(flights.size(), 0)
      assert.strictEqual(yield* flights.join("a", Effect.succeed("another flight"), nothing), "another flight")
      yield* Deferred.succeed(mayEnd, undefined)
    }))

  it.effect("shares a failure and a defect with all, and remembers neither", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      const { effect, landing } = yield* makeLookUp()
      const passengers = yield* Effect.forEach(
        [1, 2, 3],
        () => Effect.forkChild(Effect.exit(flights.join("a", effect, nothing)), now)
      )
      yield* Deferred.fail(landing, "lost")
      for (const exit of yield* Fiber.joinAll(passengers)) assert.deepStrictEqual(exit, Exit.fail("lost"))
      const dead = yield* Effect.exit(flights.join("a", Effect.die("broken"), nothing))
      assert.isTrue(Exit.isFailure(dead) && Cause.hasDies(dead.cause))
      assert.strictEqual(yield* flights.join("a", Effect.succeed("found"), nothing), "found")
      yield* ended(flights)
    }))

  it.effect("lets nobody wait for what comes afterwards, and still shares what it has found meanwhile", () =>
    Effect.gen(function*() {
      const flights = yield* makeFlights<string, "lost">()
      const finished = yield* Deferred.make<void>()
      const kept: Array<string> = []
      const keep = (found: string) => Effect.andThen(Deferred.await(finished), Effect.sync(() => kept.push(found)))
      assert.strictEqual(yield* flights.join("a", Effect.succeed("first"), keep), "first")
      assert.strictEqual(yield* flights.join("a", Effect.succeed("second"), keep), "first")
      assert.strictEqual(flights.size(), 1)
      yield* Deferred.succeed(finished, undefined)
      yield* ended(flights)
      assert.deepStrictEqual(kept, ["first"])
    }))

  it.effect("interrupts whoever still waits when its scope ends", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const flights = yield* Scope.provide(makeFlights<string, "lost">(), scope)
      const waiting = yield* Effect.forkChild(flights.join("a", Effect.never, nothing), now)
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(waiting)))
      assert.strictEqual(flights.size(), 0)
    }))

  const step = Arbitrary.all({
    kind: elementOf("join", "join", "leave", "land", "lose"),
    name: elementOf("a", "b"),
    who: integer(0, 9)
  })

  it.effect.prop(
    "answers everybody who stays and keeps nothing, in whatever order they come, leave and land",
    [Arbitrary.array(step, { maxLength: 30 })],
    ([steps]) =>
      Effect.gen(function*() {
        const flights = yield* makeFlights<string, "lost">()
        const lookUps: Array<{ readonly name: string; readonly landing: Deferred.Deferred<string, "lost"> }> = []
        const passengers: Array<Fiber.Fiber<Exit.Exit<string, "lost">>> = []
        const landAll = (name: string, exit: Exit.Exit<string, "lost">) =>
          Effect.forEach(
            lookUps.filter((lookUp) => lookUp.name === name),
            ({ landing }) => Deferred.done(landing, exit)
          )
        for (const { kind, name, who } of steps) {
          const passenger = passengers[who]
          if (kind === "join") {
            const lookUp = Effect.suspend(() => {
              const landing = Deferred.makeUnsafe<string, "lost">()
              lookUps.push({ name, landing })
              return Deferred.await(landing)
            })
            passengers.push(yield* Effect.forkChild(Effect.exit(flights.join(name, lookUp, nothing)), now))
          } else if (kind === "leave" && passenger !== undefined) yield* Fiber.interrupt(passenger)
          else if (kind === "land") yield* landAll(name, Exit.succeed(name))
          else if (kind === "lose") yield* landAll(name, Exit.fail("lost"))
          assert.isAtMost(flights.size(), 2)
        }
        yield* Effect.yieldNow
        yield* landAll("a", Exit.succeed("a"))
        yield* landAll("b", Exit.succeed("b"))
        yield* Effect.forEach(passengers, Fiber.await)
        yield* ended(flights)
      })
  )
})
