import { assert, describe, it } from "@effect/vitest"
import { type GrowthCurve, growthOf, verdictOf } from "./GrowthCurve.ts"

const curve = (better: GrowthCurve["better"], first: number, last: number): GrowthCurve => ({
  name: "load",
  title: "Load",
  grows: "events",
  unit: "µs",
  better,
  points: [
    { x: 10, values: [first, first * 3, first] },
    { x: 100, values: [0] },
    { x: 1000, values: [last] }
  ],
  because: "One query reads the newest commits."
})

describe("growthOf", () => {
  it("compares the medians of the last point and the first", () => {
    assert.strictEqual(growthOf(curve("lower", 100, 150)), 1.5)
    assert.strictEqual(growthOf(curve("higher", 100, 50)), 2)
  })

  it("is below 1 where the end is better", () => {
    assert.isBelow(growthOf(curve("lower", 100, 50)), 1)
  })
})

describe("verdictOf", () => {
  it("calls a curve flat that stays within the noise, with its numbers and its reason", () => {
    assert.strictEqual(
      verdictOf(curve("lower", 100, 149)),
      "Load: flat (100 µs at 10 events, 149 µs at 1,000 events). One query reads the newest commits."
    )
  })

  it("says by how much a curve isn't", () => {
    assert.include(verdictOf(curve("higher", 300, 100)), "not flat, 3.0 times worse at the end")
  })
})
