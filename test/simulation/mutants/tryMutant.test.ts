import * as NodeServices from "@effect/platform-node/NodeServices"
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { expect } from "vitest"
import { tryMutant } from "./tryMutant.ts"
import { Verdict } from "./Verdict.ts"

const program = fileURLToPath(new URL("fixtures/rememberingSeeds.ts", import.meta.url))
const forgetful = { name: "remembered commands" }

const trying = (mutant: { readonly name: string } | null, seeds: ReadonlyArray<number>, seconds = 60) =>
  Effect.provide(tryMutant(mutant, { seeds, timeLimit: seconds * 1000, program }), NodeServices.layer)

describe("trying a mutant", () => {
  it.effect("changes what runs, up to the first seed that shows it", () =>
    Effect.gen(function*() {
      expect(yield* trying(forgetful, [2, 3, 4])).toStrictEqual(
        Verdict.Caught({ seed: 3, seeds: 2, rules: "1", promise: "Retries are recognised." })
      )
    }))

  it.effect("changes nothing where there is no mutant, and survives where no seed shows it", () =>
    Effect.gen(function*() {
      expect(yield* trying(null, [2, 3, 4])).toStrictEqual(Verdict.Survived({ seeds: 3 }))
      expect(yield* trying(forgetful, [2, 4])).toStrictEqual(Verdict.Survived({ seeds: 2 }))
    }))

  it.effect("takes a crash for no catch", () =>
    Effect.gen(function*() {
      const verdict = yield* trying(forgetful, [1, 7])
      expect(verdict).toMatchObject({ _tag: "Ended", reason: expect.stringContaining("a crash") })
    }))

  it.effect("takes a mutant that can't be put in for no catch", () =>
    Effect.gen(function*() {
      const verdict = yield* trying({ name: "nobody's" }, [3])
      expect(verdict).toMatchObject({ _tag: "Ended", reason: expect.stringContaining("there is no mutant") })
    }))

  it.effect("takes a simulation that breaks for no catch, but goes on", () =>
    Effect.gen(function*() {
      expect(yield* trying(forgetful, [9])).toStrictEqual(
        Verdict.Broke({ seeds: 1, reason: "something of the simulation" })
      )
      expect(yield* trying(forgetful, [9, 3])).toMatchObject({ _tag: "Caught", seed: 3 })
    }))

  it.live("takes what comes to no end for no catch, and ends it", () =>
    Effect.gen(function*() {
      expect(yield* trying(forgetful, [8], 3)).toMatchObject({ _tag: "OutOfTime" })
    }))
})
