import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { planOf, sectionsWith } from "./plan.ts"
import type { SectionDefinition, SectionOptions } from "./SectionDefinition.ts"
import { findSection, sectionNames } from "./sections.ts"

const options: SectionOptions = {
  isQuick: false,
  rounds: 3,
  seconds: 0.8,
  connections: 32,
  pinning: { sentence: "", prefix: () => [] },
  rows: []
}

const all = Effect.promise(() => Promise.all(sectionNames.map((name) => findSection(name))))
const names = (sections: ReadonlyArray<SectionDefinition>) => sections.map(({ name }) => name)

describe("sectionsWith", () => {
  it.effect("keeps all sections where no row is named", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(names(yield* sectionsWith(yield* all, [])), sectionNames)
    }))

  it.effect("leaves out the sections that have none of the rows", () =>
    Effect.gen(function*() {
      const sections = yield* all
      assert.deepStrictEqual(names(yield* sectionsWith(sections, ["hot-page"])), ["bare", "profile"])
      assert.deepStrictEqual(names(yield* sectionsWith(sections, ["crud-post", "delivery"])), ["crud", "stores"])
      assert.deepStrictEqual(names(yield* sectionsWith(sections, ["postgres-append-1", "memory"])), [
        "stores",
        "growth"
      ])
    }))

  it.effect("refuses a row that nobody has", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(sectionsWith(yield* all, ["hot-page", "hot-pages"]))
      assert.match(message, /^There is no row hot-pages\. There are: crud-hot-page,/)
    }))
})

describe("planOf", () => {
  it.effect("says of each section how it measures, and takes at most 16 minutes in all", () =>
    Effect.gen(function*() {
      const sections = yield* all
      const plan = planOf(sections, options).split("\n")
      assert.lengthOf(plan, sections.length + 1)
      assert.match(plan[0] ?? "", /^crud: 3 rounds of 0\.8 s for each side of a row, in turn +\d+\.\d min$/)
      assert.match(plan[1] ?? "", /^stores: 3 rounds of \d\.\d+ s/)
      assert.isAtMost(sections.reduce((sum, section) => sum + section.expectedSeconds(options), 0), 16 * 60)
    }))
})
