import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit } from "effect"
import { runSimulated } from "./simulatedTime.ts"
import { makeSkewedClock } from "./SkewedClock.ts"

describe("A skewed clock", () => {
  it("tells another time, which may jump back, and sleeps as long as it should", async () => {
    const exit = await runSimulated(Effect.gen(function*() {
      const start = yield* Clock.currentTimeMillis
      const skewed = yield* makeSkewedClock
      const told = Effect.map(Effect.provide(Clock.currentTimeMillis, skewed.layer), (now) => now - start)
      skewed.skew = 5000
      const ahead = yield* told
      yield* Effect.provide(Effect.sleep(100), skewed.layer)
      skewed.skew = -7000
      const behind = yield* told
      return { ahead, behind, passed: (yield* Clock.currentTimeMillis) - start }
    }))
    assert.deepStrictEqual(exit, Exit.succeed({ ahead: 5000, behind: -6900, passed: 100 }))
  })
})
