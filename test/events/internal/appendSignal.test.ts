import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { makeAppendSignal } from "../../../src/events/internal/appendSignal.ts"

const isWaiting = <A, E>(fiber: Fiber.Fiber<A, E>) => fiber.pollUnsafe() === undefined

describe("waiting for an append", () => {
  it.effect("ends with the next append, however much time there is left", () =>
    Effect.gen(function*() {
      const { appended, awaitAppend } = yield* makeAppendSignal
      const waiting = yield* Effect.forkChild(awaitAppend("1 minute"))
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(isWaiting(waiting))
      yield* appended
      yield* Fiber.join(waiting)
    }))

  it.effect("ends when its time is over, for somebody else may have appended", () =>
    Effect.gen(function*() {
      const { awaitAppend } = yield* makeAppendSignal
      const waiting = yield* Effect.forkChild(awaitAppend("1 minute"))
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(isWaiting(waiting))
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(waiting)
    }))

  it.effect("ends at once after an append that came while nobody waited, and only once for any number of them", () =>
    Effect.gen(function*() {
      const { appended, awaitAppend } = yield* makeAppendSignal
      yield* appended
      yield* appended
      yield* awaitAppend("1 minute")
      const waiting = yield* Effect.forkChild(awaitAppend("1 minute"))
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(isWaiting(waiting))
      yield* appended
      yield* Fiber.join(waiting)
    }))

  it.effect("leaves an append that comes right after its time to the next wait", () =>
    Effect.gen(function*() {
      const { appended, awaitAppend } = yield* makeAppendSignal
      const waiting = yield* Effect.forkChild(awaitAppend("1 minute"))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(waiting)
      yield* appended
      yield* awaitAppend("1 minute")
    }))
})
