import { assert, describe, it } from "@effect/vitest"
import { medianOf, spreadOf } from "./spread.ts"

describe("medianOf", () => {
  it("is the middle of an odd number of values, in whatever order they come", () => {
    assert.strictEqual(medianOf([9, 1, 5]), 5)
    assert.strictEqual(medianOf([4]), 4)
  })

  it("is the mean of the two in the middle of an even number of values", () => {
    assert.strictEqual(medianOf([10, 1, 2, 4]), 3)
  })

  it("is NaN for no values", () => {
    assert.isNaN(medianOf([]))
  })
})

describe("spreadOf", () => {
  it("gives the median with the lowest and the highest", () => {
    assert.deepStrictEqual(spreadOf([3, 100, 2]), { median: 3, min: 2, max: 100 })
  })
})
