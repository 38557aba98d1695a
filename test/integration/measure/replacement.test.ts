import { assert, describe, it } from "@effect/vitest"
import { findingsOfReplacement } from "./replacement.ts"
import type { Sample } from "./Sample.ts"

const sample = (sent: number, took: number, failed = false): Sample => ({
  kind: "poster",
  sent,
  took,
  status: failed ? 503 : 201,
  failed
})

const replacement = {
  program: "command-service",
  users: ["poster"],
  strike: { begun: 1_000, ended: 3_000, recoveryFrom: "beginning" },
  told: 2_000
} as const

describe("What is found of a program's replacement", () => {
  it("is nothing where somebody waits when it is told to end, and is answered", () => {
    assert.deepStrictEqual(findingsOfReplacement([sample(1_900, 200), sample(2_100, 10)], replacement), [])
  })

  it("is that nobody was there to be failed", () => {
    const others: Sample = { ...sample(1_900, 200), kind: "async" }
    assert.deepStrictEqual(findingsOfReplacement([sample(1_900, 99), sample(2_100, 10), others], replacement), [
      "Nobody waited for the command-service when it was told to end."
    ])
  })

  it("is who wasn't answered well while it was replaced, and nobody else", () => {
    const samples = [sample(900, 10, true), sample(1_900, 200, true), sample(2_100, 10, true), sample(3_000, 10, true)]
    assert.deepStrictEqual(findingsOfReplacement(samples, replacement), [
      "2 requests failed while the command-service was replaced."
    ])
  })
})
