import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { tryMutant } from "./tryMutant.ts"
import { Verdict } from "./Verdict.ts"

const program = fileURLToPath(new URL("fixtures/rememberingSeeds.ts", import.meta.url))
const forgetful = { name: "remembered commands" }

const trying = (mutant: { readonly name: string } | null, seeds: ReadonlyArray<number>, seconds = 60) =>
  Effect.provide(tryMutant(mutant, { seeds, timeLimit: seconds * 1000, program }), NodeServices.layer)

const reasonOf = (verdict: Verdict): string => verdict._tag === "Ended" ? verdict.reason : verdict._tag

describe("trying a mutant", () => {
  it.live("changes what runs, up to the first seed that shows it", () =>
    Effect.gen(function*() {
      const caught = Verdict.Caught({ seed: 3, seeds: 2, rules: "1", promise: "Retries are recognised." })
      assert.deepStrictEqual(yield* trying(forgetful, [2, 3, 4]), caught)
      assert.deepStrictEqual(yield* trying(forgetful, [2, 4]), Verdict.Survived({ seeds: 2 }))
    }))

  it.live("changes nothing where there is no mutant", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* trying(null, [2, 3, 4]), Verdict.Survived({ seeds: 3 }))
    }))

  it.live("takes a crash for no catch", () =>
    Effect.gen(function*() {
      assert.include(reasonOf(yield* trying(forgetful, [1, 7])), "a crash")
    }))

  it.live("takes a mutant that can't be put in for no catch", () =>
    Effect.gen(function*() {
      assert.include(reasonOf(yield* trying({ name: "nobody's" }, [3])), "there is no mutant")
    }))

  it.live("takes a simulation that breaks for no catch, but goes on", () =>
    Effect.gen(function*() {
      const broke = Verdict.Broke({ seeds: 1, reason: "something of the simulation" })
      assert.deepStrictEqual(yield* trying(forgetful, [9]), broke)
      assert.strictEqual((yield* trying(forgetful, [9, 3]))._tag, "Caught")
    }))

  it.live("takes what comes to no end for no catch, and ends it", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* trying(forgetful, [8], 3))._tag, "OutOfTime")
    }))
})
