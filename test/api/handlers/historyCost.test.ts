import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Latch } from "effect"
import { TestClock } from "effect/testing"
import { makeHistoryCost } from "../../../src/api/handlers/historyCost.ts"
import { QueryCaller } from "../../../src/api/RequestRules.ts"
import { AuthorId } from "../../../src/domain/ids.ts"
import { RateLimits } from "../../../src/platform/RateLimits.ts"

const answer = {
  answer: { body: new Uint8Array(1), etag: "\"1\"", nextCursor: null },
  authorId: AuthorId.make("ana")
}

describe("Histories", () => {
  it.effect("are read four at once, whoever asks, and who waits for 10 seconds is told that none was read", () =>
    Effect.gen(function*() {
      const atItsCost = yield* makeHistoryCost
      const free = yield* Latch.make()
      let reading = 0
      const history = Effect.sync(() => reading++).pipe(Effect.andThen(free.await), Effect.as(answer))
      const ask = (caller: string) => Effect.provideService(atItsCost(history), QueryCaller, caller)
      yield* Effect.forEach(["a", "b", "c", "d"], (caller) => Effect.forkChild(ask(caller), { startImmediately: true }))
      const last = yield* Effect.forkChild(Effect.flip(ask("e")), { startImmediately: true })
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(reading, 4)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(last))._tag, "ReadModelUnavailable")
      // Those before have ended, too: there is room again, for all of them.
      yield* free.open
      for (const caller of ["a", "e"]) assert.deepStrictEqual(yield* ask(caller), answer)
    }).pipe(Effect.provide(RateLimits.layerUnlimited)))
})
