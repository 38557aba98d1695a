import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { makeContainer } from "../../../src/programs/lambda/Container.ts"
import { quiet } from "../../support/projection.ts"

class Counted extends Context.Service<Counted, { readonly n: number }>()("marginalia/test/Counted") {}

/** Layers of which the first builds fail, and that tell what becomes of them. */
const numbers = (failures: number) => {
  const told = { built: 0, closed: 0 }
  const layer = Layer.effect(
    Counted,
    Effect.acquireRelease(
      Effect.suspend(() => {
        told.built += 1
        return told.built <= failures ? Effect.fail("down") : Effect.succeed({ n: told.built })
      }),
      () =>
        Effect.sync(() => {
          told.closed += 1
        })
    )
  )
  return { layer, told }
}

describe("A Lambda's container", () => {
  it.effect("builds anew after a build that failed", () =>
    Effect.gen(function*() {
      const { layer, told } = numbers(2)
      const { services } = makeContainer(layer, Effect.void)
      assert.strictEqual(yield* Effect.flip(Effect.asVoid(services)), "down")
      assert.strictEqual(yield* Effect.flip(Effect.asVoid(services)), "down")
      assert.strictEqual(Context.get(yield* services, Counted).n, 3)
      assert.strictEqual(Context.get(yield* services, Counted).n, 3)
      assert.deepStrictEqual(told, { built: 3, closed: 0 })
    }))

  it.effect("keeps what is alive, and replaces what isn't or doesn't answer", () =>
    Effect.gen(function*() {
      const { layer, told } = numbers(0)
      let alive: Effect.Effect<void, string> = Effect.void
      const { services } = makeContainer(layer, Effect.suspend(() => alive))
      const n = Effect.map(services, (services) => Context.get(services, Counted).n)
      assert.deepStrictEqual([yield* n, yield* n], [1, 1])
      alive = Effect.fail("dead")
      assert.strictEqual(yield* n, 2)
      alive = Effect.never
      const fiber = yield* Effect.forkChild(n)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), 3)
      assert.deepStrictEqual(told, { built: 3, closed: 2 })
    }).pipe(Effect.provide(quiet)))

  it.effect("closes what it drops", () =>
    Effect.gen(function*() {
      const { layer, told } = numbers(0)
      const { drop, services } = makeContainer(layer, Effect.void)
      yield* drop
      yield* services
      yield* drop
      yield* Effect.yieldNow
      assert.deepStrictEqual(told, { built: 1, closed: 1 })
      assert.strictEqual(Context.get(yield* services, Counted).n, 2)
    }))
})
