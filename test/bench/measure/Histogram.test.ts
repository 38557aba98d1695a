import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { integer, oneOf } from "../../support/arbitraries.ts"
import { Histogram } from "./Histogram.ts"

const latency = oneOf(integer(0, 3000), integer(0, 2 ** 27 - 1))

describe("Histogram", () => {
  it.effect.prop(
    "answers every quantile with a recorded time, at most 0.1 % too small",
    [Arbitrary.array(latency, { minLength: 1, maxLength: 200 }), integer(0, 1000)],
    ([latencies, permille]) =>
      Effect.sync(() => {
        const histogram = new Histogram()
        for (const micros of latencies) histogram.record(micros)
        const sorted = latencies.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil((permille / 1000) * sorted.length)) - 1] ?? Number.NaN
        const found = histogram.quantile(permille / 1000)
        assert.isAtMost(found, exact)
        assert.isAtLeast(found, exact * 0.999)
        assert.strictEqual(histogram.count, latencies.length)
        assert.strictEqual(histogram.largest, sorted.at(-1))
      })
  )

  it("counts what is longer than it can tell as the longest", () => {
    const histogram = new Histogram()
    histogram.record(2 ** 40)
    assert.strictEqual(histogram.largest, 2 ** 27 - 1)
    assert.isAtLeast(histogram.quantile(1), 2 ** 27 * 0.999)
  })

  it("answers with 0 before anything is recorded", () => {
    assert.strictEqual(new Histogram().quantile(0.99), 0)
    assert.strictEqual(new Histogram().largest, 0)
  })
})
