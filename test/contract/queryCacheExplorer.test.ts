import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Mistake } from "./ModelQueryCache.ts"
import { makeModelQueryCache } from "./ModelQueryCache.ts"
import { scenarios } from "./queryCache.ts"
import type { Scenario } from "./queryCacheActors.ts"
import { cachePromises } from "./queryCacheActors.ts"
import { explore } from "./queryCacheExplorer.ts"

const mistakes: ReadonlyArray<{ readonly mistake: Mistake; readonly scenario: Scenario }> = [
  { mistake: "a put ignores the generation", scenario: { readers: 2, writers: 1, faults: [] } },
  { mistake: "an invalidation keeps the generation", scenario: { readers: 1, writers: 1, faults: [] } },
  { mistake: "a put mints again what expired", scenario: { readers: 1, writers: 1, faults: ["expire"] } },
  { mistake: "generations are counted from 1 in each slot", scenario: { readers: 2, writers: 1, faults: ["evict"] } }
]

describe("the query cache explorer", () => {
  it.effect("goes through every order of the actors' steps, once each", () =>
    Effect.gen(function*() {
      const { cache, controls } = makeModelQueryCache()
      const one = yield* explore(cache, controls, { readers: 0, writers: 2, faults: [] })
      // Two alike, two steps each: 4! / (2! 2!) orders, and half of them by renaming.
      assert.strictEqual(one.schedules, 3)
      const two = yield* explore(cache, controls, { readers: 0, writers: 1, faults: ["evict", "flush"] })
      assert.strictEqual(two.schedules, 12)
    }))

  it.effect(
    "finds nothing wrong with the protocol, in every schedule of the contract's scenarios",
    () =>
      Effect.gen(function*() {
        const { cache, controls } = makeModelQueryCache()
        const found = yield* Effect.forEach(scenarios, (scenario) => explore(cache, controls, scenario))
        assert.deepStrictEqual(found.filter(({ violation }) => violation !== undefined), [])
        // How many there are depends on who hits, and so is the same for every cache that keeps what it can.
        assert.deepStrictEqual(found.map(({ schedules }) => schedules), [6033, 13_276, 2436, 2436, 2436])
        assert.strictEqual(found.reduce((sum, { steps }) => sum + steps, 0), 297_821)
      }),
    60_000
  )

  for (const promise of cachePromises) {
    it.effect.each(mistakes)(
      `finds that ${promise} is broken when $mistake`,
      ({ mistake, scenario }) =>
        Effect.gen(function*() {
          const { cache, controls } = makeModelQueryCache(mistake)
          const found = yield* explore(cache, controls, scenario, [promise])
          assert.strictEqual(found.violation?.promise, promise)
        })
    )
  }
})
