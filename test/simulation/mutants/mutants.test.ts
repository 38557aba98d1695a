import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { describe, expect, it } from "vitest"
import { mutated } from "./Mutant.ts"
import { mutants } from "./mutants.ts"
import { pathOf } from "./withMutant.ts"

describe("the mutants", () => {
  it("are 25 at least, each with a name and a guarantee of its own", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(25)
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
    expect(new Set(mutants.map(({ guarantee }) => guarantee)).size).toBe(mutants.length)
  })

  it.each(mutants)("have their place exactly once, and something else there that compiles: $name", (mutant) => {
    const text = readFileSync(pathOf(mutant), "utf8")
    const changed = mutated(mutant, text)
    expect(changed).not.toBe(text)
    expect(stripTypeScriptTypes(changed)).not.toBe(stripTypeScriptTypes(text))
  })

  it("are refused where their place isn't there, or more than once", () => {
    const mutant = { name: "some", guarantee: "", file: "some.ts", find: "two", replace: "2" }
    expect(mutated(mutant, "one, two, three")).toBe("one, 2, three")
    expect(() => mutated(mutant, "one")).toThrow("0 times in some.ts")
    expect(() => mutated(mutant, "two and two")).toThrow("2 times in some.ts")
  })

  it("replace literally, whatever signs are in the text", () => {
    const mutant = { name: "some", guarantee: "", file: "some.ts", find: "b", replace: "$& $1 $`" }
    expect(mutated(mutant, "abc")).toBe("a$& $1 $`c")
  })
})
