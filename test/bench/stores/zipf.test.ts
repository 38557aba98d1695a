import { assert, describe, it } from "@effect/vitest"
import { seededNumbers, zipf } from "./zipf.ts"

const share = (exponent: number, rank: number): number => {
  const next = seededNumbers(7)
  const draw = zipf(1000, exponent)
  const drawn = Array.from({ length: 50_000 }, () => draw(next()))
  return drawn.filter((found) => found === rank).length / drawn.length
}

describe("zipf", () => {
  it("draws the first rank about as often as the law says", () => {
    // 1 / (1 + 1/2 + ... + 1/1000), with the exponent 1.
    assert.closeTo(share(1, 0), 0.1336, 0.01)
  })

  it("draws the second rank half as often as the first, with the exponent 1", () => {
    assert.closeTo(share(1, 1) / share(1, 0), 0.5, 0.05)
  })

  it("draws all ranks alike with the exponent 0", () => {
    assert.closeTo(share(0, 0), 0.001, 0.0008)
  })

  it("never leaves the ranks", () => {
    const draw = zipf(10, 0.99)
    assert.strictEqual(draw(0), 0)
    assert.strictEqual(draw(1), 9)
  })
})

describe("seededNumbers", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    const some = (seed: number) => Array.from({ length: 5 }, seededNumbers(seed))
    assert.deepStrictEqual(some(1), some(1))
    assert.notDeepEqual(some(1), some(2))
  })
})
