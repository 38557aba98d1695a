import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Fiber, Latch } from "effect"
import { TestClock } from "effect/testing"
import { makeRenewable } from "../../../src/programs/projector/renewable.ts"

/** What is opened tells its number, from 1 on; those up to `broken` can't be opened. `open` tells which are. */
const begin = Effect.fnUntraced(function*(
  { after = Effect.void, broken = 0 }: { readonly after?: Effect.Effect<void>; readonly broken?: number } = {}
) {
  const state = { opened: 0, broken }
  const open = new Set<number>()
  const renewable = yield* makeRenewable(
    Effect.gen(function*() {
      const number = ++state.opened
      yield* Effect.acquireRelease(Effect.sync(() => open.add(number)), () => Effect.sync(() => open.delete(number)))
      yield* after
      return number <= state.broken ? yield* Effect.fail(`broken ${number}`) : number
    }),
    Duration.seconds(30)
  )
  return { ...renewable, state, open: Effect.sync(() => [...open]) }
})

describe("What may be renewed", () => {
  it.effect("is opened once, before anybody asks for it", () =>
    Effect.gen(function*() {
      const { get, state } = yield* begin()
      assert.deepStrictEqual([yield* get, yield* get, state.opened], [1, 1, 1])
    }))

  it.effect("is renewed at once, but not again within the pause", () =>
    Effect.gen(function*() {
      const { get, renew, state } = yield* begin()
      assert.strictEqual(yield* get, 1)
      yield* renew
      assert.strictEqual(yield* get, 2)
      yield* TestClock.adjust("29 seconds")
      for (const _ of [1, 2, 3]) yield* renew
      assert.strictEqual(yield* get, 2)
      yield* TestClock.adjust("1 second")
      yield* renew
      assert.deepStrictEqual([yield* get, state.opened], [3, 3])
    }))

  it.effect("isn't renewed while it is being opened", () =>
    Effect.gen(function*() {
      const latch = yield* Latch.make()
      const { get, renew, state } = yield* begin({ after: latch.await })
      const waiting = yield* Effect.forkChild(get)
      yield* Effect.yieldNow
      yield* renew
      yield* latch.open
      assert.deepStrictEqual([yield* Fiber.join(waiting), state.opened], [1, 1])
    }))

  it.effect("is let go of as soon as it is renewed, and the last one with the scope", () =>
    Effect.gen(function*() {
      const { open } = yield* Effect.scoped(Effect.gen(function*() {
        const { get, open, renew } = yield* begin()
        for (const number of [1, 2, 3]) {
          assert.strictEqual(yield* get, number)
          assert.deepStrictEqual(yield* open, [number])
          yield* renew
          yield* TestClock.adjust("30 seconds")
        }
        yield* get
        return { open }
      }))
      assert.deepStrictEqual(yield* open, [])
    }))

  it.effect("is tried again once in a pause while it can't be opened, and says why until then", () =>
    Effect.gen(function*() {
      const { get, open, state } = yield* begin({ broken: 2 })
      assert.strictEqual(yield* Effect.flip(get), "broken 1")
      for (const _ of [1, 2, 3]) assert.strictEqual(yield* Effect.flip(get), "broken 2")
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual([yield* get, yield* get, state.opened], [3, 3, 3])
      assert.deepStrictEqual(yield* open, [3])
    }))

  it.effect("goes on being opened when whoever waits for it gives up", () =>
    Effect.gen(function*() {
      const latch = yield* Latch.make()
      const { get, state } = yield* begin({ after: latch.await })
      const waiting = yield* Effect.forkChild(Effect.timeout(get, "1 second"))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Cause.isTimeoutError(yield* Effect.flip(Fiber.join(waiting))))
      yield* latch.open
      assert.deepStrictEqual([yield* get, state.opened], [1, 1])
    }))
})
