import { assert, describe, it } from "@effect/vitest"
import { growthAtEnd, type MemorySample, windowsOf } from "./memorySamples.ts"

const sample = (seconds: number, heapUsed: number): MemorySample => ({
  name: "query-service",
  at: 1000 * seconds,
  rss: 2 * heapUsed,
  heapUsed
})

describe("windowsOf", () => {
  it("takes the lowest of each window, whatever was above it meanwhile", () => {
    const windows = windowsOf([sample(0, 50), sample(1, 30), sample(2, 80), sample(5, 31), sample(6, 70)], 0, 5)
    assert.deepStrictEqual(windows, [{ seconds: 2.5, rss: 60, heap: 30 }, { seconds: 7.5, rss: 62, heap: 31 }])
  })
})

describe("growthAtEnd", () => {
  const windows = (...heaps: ReadonlyArray<number>) => windowsOf(heaps.map((heap, at) => sample(at * 5, heap)), 0, 5)
  const heap = ({ heap }: { readonly heap: number }) => heap

  it("is 1 where memory stays as it was once it was warm", () => {
    assert.strictEqual(growthAtEnd(windows(10, 60, 100, 100, 100, 100), heap), 1)
  })

  it("tells of a leak", () => {
    assert.isAbove(growthAtEnd(windows(10, 20, 30, 40, 50, 60), heap), 1.4)
  })
})
