import { assert, describe, it } from "@effect/vitest"
import { setImmediate as nextTurn } from "node:timers/promises"
import { atOnce } from "./repeatedly.ts"

describe("atOnce", () => {
  it("fails only once nobody is at work any more, and lets nobody begin another step", async () => {
    const begun = [0, 0, 0]
    let atWork = 0
    const step = async (worker: number): Promise<boolean> => {
      begun[worker] = (begun[worker] ?? 0) + 1
      atWork++
      await nextTurn()
      atWork--
      if (worker === 0) throw new Error("broken")
      await nextTurn()
      return true
    }
    const outcome = await atOnce(3, step).then(() => "done", (error: unknown) => String(error))
    assert.strictEqual(outcome, "Error: broken")
    assert.strictEqual(atWork, 0)
    assert.deepStrictEqual(begun, [1, 1, 1])
  })
})
