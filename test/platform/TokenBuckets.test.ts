import { assert, describe, it } from "@effect/vitest"
import { TokenBuckets } from "../../src/platform/TokenBuckets.ts"

const two = { tokens: 1, limit: 2, refillMillis: 1000, allowOverflow: false }

describe("Token buckets in memory", () => {
  it("are no more than may be: those make room that were not used for longest", () => {
    const buckets = new TokenBuckets(160)
    for (let caller = 0; caller < 1000; caller++) {
      buckets.take({ ...two, key: "regular" }, caller)
      buckets.take({ ...two, key: `${caller}` }, caller)
      assert.isAtMost(buckets.size, 160)
    }
    assert.isAtLeast(buckets.size, 150)
    assert.isBelow(buckets.take({ ...two, key: "regular" }, 999)[0], 0, "who comes all the time is remembered")
    assert.strictEqual(buckets.take({ ...two, key: "0" }, 999)[0], 1, "who came first has been forgotten")
  })

  it("are forgotten once they are full again, and none before", () => {
    const buckets = new TokenBuckets(1000)
    for (let caller = 0; caller < 100; caller++) buckets.take({ ...two, key: `${caller}` }, 0)
    buckets.take({ ...two, key: "in debt", tokens: 100, allowOverflow: true }, 0)
    buckets.take({ ...two, key: "late" }, 59_999)
    buckets.take({ ...two, key: "another" }, 60_000)
    assert.strictEqual(buckets.size, 3)
    assert.strictEqual(buckets.take({ ...two, key: "in debt" }, 60_000)[0], 2 - 100 + 60 - 1)
  })

  it("go on refilling after a clock was set back", () => {
    const buckets = new TokenBuckets(10)
    const take = (now: number) => buckets.take({ ...two, key: "a" }, now)
    const [hour, day] = [3_600_000, 86_400_000]
    assert.deepStrictEqual([take(day), take(day), take(day)].map(([left]) => left), [1, 0, -1])
    assert.deepStrictEqual(take(day - hour), [-1, 0])
    assert.deepStrictEqual(take(day - hour + 1000), [0, 0])
  })
})
