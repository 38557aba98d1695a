import { assert, describe, it } from "@effect/vitest"
import { recoveriesOf } from "./recovery.ts"
import type { Sample } from "./Sample.ts"
import type { Strike } from "./Strike.ts"

/** A request every 100 ms from 0 to 10 s; those sent in these times fail. */
const failingIn = (...times: ReadonlyArray<readonly [from: number, to: number]>): ReadonlyArray<Sample> =>
  Array.from({ length: 100 }, (_, index) => {
    const sent = index * 100
    const failed = times.some(([from, to]) => sent >= from && sent < to)
    return { kind: "poster", sent, took: 5, status: failed ? 503 : 201, failed }
  })

const kill = (begun: number, ended: number): Strike => ({ begun, ended, recoveryFrom: "beginning" })
const cut = (begun: number, ended: number): Strike => ({ begun, ended, recoveryFrom: "end" })

describe("The time to recover", () => {
  it("counts from the beginning of a kill until the first second without a failure", () => {
    assert.deepStrictEqual(recoveriesOf(failingIn([2_000, 3_500]), [kill(1_950, 3_000)], 10_000), [1_451])
  })

  it("counts from the end of anything else", () => {
    assert.deepStrictEqual(recoveriesOf(failingIn([2_000, 3_500]), [cut(1_950, 3_000)], 10_000), [401])
  })

  it("is none where nothing failed, or only while what doesn't count lasted", () => {
    assert.deepStrictEqual(recoveriesOf(failingIn(), [kill(1_950, 3_000)], 10_000), [0])
    assert.deepStrictEqual(recoveriesOf(failingIn([2_000, 3_000]), [cut(1_950, 3_000)], 10_000), [0])
  })

  it("isn't over before a whole second goes well", () => {
    const samples = failingIn([2_000, 2_500], [3_300, 3_400], [5_000, 5_100])
    assert.deepStrictEqual(recoveriesOf(samples, [kill(2_000, 2_200)], 10_000), [1_301])
  })

  it("isn't over in a second in which nobody asked", () => {
    const samples = failingIn([2_000, 2_500], [4_000, 4_100]).filter(({ sent }) => sent < 2_500 || sent >= 4_000)
    assert.deepStrictEqual(recoveriesOf(samples, [kill(2_000, 2_200)], 10_000), [2_001])
    const silent = samples.filter(({ sent }) => sent < 2_500)
    assert.deepStrictEqual(recoveriesOf(silent, [kill(2_000, 2_200)], 10_000), [null])
  })

  it("counts what is noticed late", () => {
    assert.deepStrictEqual(recoveriesOf(failingIn([4_000, 4_500]), [kill(2_000, 2_200)], 10_000), [2_401])
  })

  it("takes too long where the next strike or the end comes before a second goes well", () => {
    const samples = failingIn([2_000, 4_500], [5_000, 9_500])
    assert.deepStrictEqual(recoveriesOf(samples, [kill(2_000, 2_200), kill(5_000, 5_200)], 10_000), [null, null])
  })

  it("is told of each strike", () => {
    const samples = failingIn([2_000, 2_500], [5_000, 5_200])
    assert.deepStrictEqual(recoveriesOf(samples, [kill(2_000, 2_200), kill(5_000, 5_200)], 10_000), [401, 101])
  })
})
