import { assert, describe, it } from "@effect/vitest"
import { judge, type Justified } from "./audit.ts"
import { justifiedAdvisories } from "./justifiedAdvisories.ts"
import { readProjectFile } from "./lock.ts"

// What npm printed: of this project, at a registry that answered so.
const answer = (name: string): string => readProjectFile(`test/supply/answers/${name}.json`)

const today = "2026-11-23"
const id = "GHSA-xxxx-xxxx-xxxx"
const justified: ReadonlyArray<Justified> = [{ id, why: "Nobody hands it a string of theirs.", until: today }]

const faultsOf = (text: string, known: ReadonlyArray<Justified>, day = today): ReadonlyArray<string> => {
  const verdict = judge(text, known, day)
  return verdict._tag === "Refused" ? verdict.faults : []
}

describe("An audit", () => {
  it("is clean where the registry knows of nothing", () => {
    assert.deepStrictEqual(judge(answer("clean"), [], today), { _tag: "Clean", packages: 231, justified: 0 })
  })

  it("refuses an advisory that nobody justified, once, whatever needs the package", () => {
    assert.deepStrictEqual(faultsOf(answer("advisory"), []), [
      `${id} (moderate): ms <3.0.0: ms takes too long for long strings. https://github.com/advisories/${id}`
    ])
  })

  it("lets a justified advisory pass, to the end of the last day", () => {
    assert.deepStrictEqual(judge(answer("advisory"), justified, today), { _tag: "Clean", packages: 231, justified: 1 })
    assert.deepStrictEqual(faultsOf(answer("advisory"), justified, "2026-11-24"), [
      `${id} was justified until ${today}: judge it again`
    ])
  })

  it("refuses a justification that nothing needs any more", () => {
    assert.deepStrictEqual(faultsOf(answer("clean"), justified), [`${id} is justified, and nothing has it any more`])
  })

  it.each([
    ["refused", "405 Method Not Allowed"],
    ["timeout", "network timeout"],
    ["unreachable", "ECONNREFUSED"]
  ])("claims nothing where the registry's answer is %s, justified or not", (name, reason) => {
    for (const known of [[], justified]) {
      const verdict = judge(answer(name), known, today)
      assert.strictEqual(verdict._tag, "NotAudited")
      if (verdict._tag === "NotAudited") assert.include(verdict.why, reason)
    }
  })

  it.each([
    ["an error of npm's own", answer("withoutLock")],
    ["nothing", ""],
    [
      "another version of the report",
      answer("clean").replace("\"auditReportVersion\": 2", "\"auditReportVersion\": 3")
    ],
    ["a report without its findings", "{\"auditReportVersion\":2}"]
  ])("refuses %s: that it can't be read isn't that it is clean", (_, text) => {
    assert.lengthOf(faultsOf(text, []), 1)
  })

  it("has a reason and an end for each justification", () => {
    for (const one of justifiedAdvisories) {
      assert.match(one.id, /^GHSA(?:-\w{4}){3}$/)
      assert.isAtLeast(one.why.split(/\s+/).length, 5)
      assert.match(one.until, /^\d{4}-\d\d-\d\d$/)
    }
  })
})
