import { assert, describe, it } from "@effect/vitest"
import { allChecks, shortcomings } from "./judge.ts"
import { addLine, nothing, type Tally } from "./report.ts"

const phases = ["examples", "coverage", "fuzzing", "stateful"]

const checksOf = (failing: string | undefined) =>
  allChecks.map((name) => ({ name, status: name === failing ? "failure" : "success" }))

/** A line of Schemathesis' report about one case. */
const line = (phase: string, path: string, status: number | undefined, failing?: string): string =>
  JSON.stringify({
    ScenarioFinished: {
      id: "5d1c",
      phase,
      recorder: {
        label: `GET ${path}`,
        cases: { abc: { value: { method: "GET", path, id: "abc" }, is_transition_applied: false } },
        checks: { abc: checksOf(failing) },
        interactions: { abc: { response: status === undefined ? null : { status_code: status } } }
      }
    }
  })

const tallyOf = (...lines: ReadonlyArray<string>): Tally => lines.reduce(addLine, nothing)

const demand = { cases: 4, operations: ["GET /a"] }

const enough = phases.map((phase) => line(phase, "/a", 200))

describe("A run of Schemathesis that found nothing", () => {
  it("has nothing amiss if it made all cases, of each operation, with each check, in each phase", () => {
    assert.deepStrictEqual(shortcomings(tallyOf(...enough), demand), [])
  })

  it("must have made as many cases as are wanted", () => {
    assert.deepStrictEqual(shortcomings(tallyOf(...enough), { ...demand, cases: 5 }), [
      "4 cases were made, and 5 are wanted"
    ])
  })

  it("must have driven each operation of the document, and there must be one", () => {
    const operations = ["GET /a", "DELETE /a"]
    assert.deepStrictEqual(shortcomings(tallyOf(...enough), { ...demand, operations }), ["DELETE /a was never driven"])
    assert.deepStrictEqual(shortcomings(tallyOf(...enough), { ...demand, operations: [] }), [
      "The document has no operation"
    ])
  })

  it("must have seen each operation succeed: what only refuses hasn't been seen", () => {
    const refused = tallyOf(...enough, line("fuzzing", "/b", 404), line("fuzzing", "/b", undefined))
    assert.deepStrictEqual(shortcomings(refused, { ...demand, operations: ["GET /a", "GET /b"] }), [
      "GET /b was driven 2 times, and never answered with success"
    ])
    const revalidated = tallyOf(...enough, line("fuzzing", "/b", 304))
    assert.deepStrictEqual(shortcomings(revalidated, { ...demand, operations: ["GET /b"] }), [])
  })

  it("must have gone through each phase, and made each check", () => {
    assert.deepStrictEqual(shortcomings(tallyOf(...enough.slice(1)), { ...demand, cases: 3 }), [
      "The phase \"examples\" made no case"
    ])
    const [first = "", ...others] = enough
    const without = [first, ...others].map((line) => line.replaceAll("ignored_auth", "not_a_server_error"))
    assert.deepStrictEqual(shortcomings(tallyOf(...without), demand), ["The check ignored_auth was never made"])
  })
})

describe("Schemathesis' report", () => {
  it("is counted by operation, with the checks that found something", () => {
    const { operations } = tallyOf(line("fuzzing", "/a", 500, "not_a_server_error"), line("fuzzing", "/a", 204))
    assert.deepStrictEqual(operations.get("GET /a"), { cases: 2, accepted: 1, failed: new Set(["not_a_server_error"]) })
  })

  it("has events that count nothing, and operations that were left out", () => {
    const skipped = { ScenarioFinished: { phase: "examples", status: "skip", recorder: { label: "GET /a" } } }
    const tally = tallyOf(JSON.stringify({ EngineStarted: { id: "1" } }), JSON.stringify(skipped))
    assert.strictEqual(tally.cases, 0)
    assert.strictEqual(tally.operations.size, 0)
  })

  it("isn't counted where its form is another than the one that is known", () => {
    const changed = JSON.stringify({
      ScenarioFinished: { phase: "examples", recorder: { cases: [{ method: "GET" }] } }
    })
    assert.throws(() => tallyOf(changed))
  })
})
