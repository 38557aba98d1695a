import { assert, describe, it } from "@effect/vitest"
import { errorsIn } from "./logs.ts"
import { nothing } from "./report.ts"
import { faultsOf } from "./verdict.ts"

const demand = { cases: 0, operations: ["GET /a"] }

describe("What is told of a run of Schemathesis", () => {
  it("begins where it tells what it found, with tokens and lines that a person can read", () => {
    const output = [
      "Schemathesis v4",
      "=== FAILURES ===",
      `curl -H 'Authorization: Bearer eyJ${"a".repeat(300)}' -d '${"x".repeat(900)}' http://a`,
      "=== SUMMARY ==="
    ].join("\n")
    const [first = ""] = faultsOf({ exitCode: 1, output, tally: nothing }, demand)
    assert.match(
      first,
      /^schemathesis ended with 1:\n=== FAILURES ===\ncurl -H 'Authorization: Bearer \$TOKEN' -d 'x+ … /
    )
    assert.match(first, /=== SUMMARY ===$/)
    assert.isBelow(first.length, 800)
  })

  it("is all of it if it never came so far", () => {
    const [first = ""] = faultsOf({ exitCode: 2, output: "No such option: --checks", tally: nothing }, demand)
    assert.strictEqual(first, "schemathesis ended with 2:\nNo such option: --checks")
  })

  it("is what the run lacks, too, whatever it ended with", () => {
    for (const exitCode of [0, 1]) {
      assert.include(faultsOf({ exitCode, output: "", tally: nothing }, demand), "GET /a was never driven")
    }
  })
})

describe("A log", () => {
  const entry = (level: string) => JSON.stringify({ level, message: "something" })

  it("tells of errors by their level", () => {
    const log = ["INFO", "ERROR", "WARN", "FATAL", "DEBUG"].map(entry).join("\n")
    assert.deepStrictEqual(errorsIn(`${log}\n`), [entry("ERROR"), entry("FATAL")])
  })

  it("tells of an error by a line that isn't its own", () => {
    assert.deepStrictEqual(errorsIn(`${entry("INFO")}\nFATAL ERROR: heap out of memory\n`), [
      "FATAL ERROR: heap out of memory"
    ])
  })
})
