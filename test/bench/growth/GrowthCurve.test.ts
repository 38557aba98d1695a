import { assert, describe, it } from "@effect/vitest"
import { type GrowthCurve, growthOf, isFlat, verdictOf } from "./GrowthCurve.ts"

const curve = (better: GrowthCurve["better"], first: number, last: number, middle = first): GrowthCurve => ({
  name: "load",
  title: "Load",
  grows: "events",
  unit: "µs",
  better,
  points: [
    { x: 10, values: [first, first * 3, first] },
    { x: 100, values: [middle] },
    { x: 1000, values: [last] }
  ],
  flatBecause: "One query reads the newest commits.",
  notFlatBecause: null
})

describe("growthOf", () => {
  it("compares the medians of the last point and the first", () => {
    assert.strictEqual(growthOf(curve("lower", 100, 150)), 1.5)
    assert.strictEqual(growthOf(curve("higher", 100, 50)), 2)
  })

  it("is below 1 where everything is better than at first", () => {
    assert.isBelow(growthOf(curve("lower", 100, 50, 80)), 1)
  })

  it("judges the worst point, also where it lies between", () => {
    assert.strictEqual(growthOf(curve("lower", 100, 100, 300)), 3)
    assert.isFalse(isFlat(curve("lower", 100, 100, 300)))
  })

  it("calls nothing flat that has nothing to be compared with", () => {
    assert.isFalse(isFlat({ ...curve("lower", 100, 100), points: [{ x: 10, values: [100] }] }))
  })
})

describe("verdictOf", () => {
  it("calls a curve flat that stays within the noise, with its numbers and its reason", () => {
    assert.strictEqual(
      verdictOf(curve("lower", 100, 149)),
      "Load: flat (100 µs at 10 events, 149 µs at 1,000 events at worst). One query reads the newest commits."
    )
  })

  it("says by how much a curve isn't", () => {
    assert.strictEqual(
      verdictOf({ ...curve("higher", 300, 100), notFlatBecause: "The cache is full." }),
      "Load: **not flat, 3.0 times worse** (300 µs at 10 events, 100 µs at 1,000 events at worst). The cache is full."
    )
  })

  it("gives no reason for what isn't explained, least of all the one that should have kept it flat", () => {
    const said = verdictOf(curve("lower", 100, 400))
    assert.include(said, "This is not explained.")
    assert.notInclude(said, "newest commits")
  })
})
