import { describe, expect, it } from "vitest"
import { faultKinds } from "../kernel/Faults.ts"
import { incidentKinds } from "../world/incidentTable.ts"
import type { Plan } from "./Plan.ts"
import { mostRuns, shrink } from "./shrink.ts"

const plan: Plan = {
  seed: 1,
  operations: 60,
  faults: new Set(faultKinds),
  incidents: new Set(incidentKinds),
  dropped: new Set([7])
}

const left = ({ dropped, operations }: Plan) =>
  Array.from({ length: operations }, (_, number) => number).filter((number) => !dropped.has(number))

const withRuns = async (fails: (plan: Plan) => boolean) => {
  let runs = 0
  const shrunk = await shrink(plan, async (plan) => {
    runs++
    return fails(plan)
  })
  return { shrunk, runs }
}

describe("shrinking a plan", () => {
  it("leaves what the failure needs, and nothing else", async () => {
    const { runs, shrunk } = await withRuns(({ dropped, faults, incidents }) =>
      !dropped.has(3) && !dropped.has(41) && faults.has("stale read") && incidents.has("shards split")
    )
    expect(left(shrunk)).toStrictEqual([3, 41])
    expect(Array.from(shrunk.faults)).toStrictEqual(["stale read"])
    expect(Array.from(shrunk.incidents)).toStrictEqual(["shards split"])
    expect(runs).toBeLessThanOrEqual(mostRuns)
  })

  it("leaves nothing where nothing is needed, in three runs", async () => {
    const { runs, shrunk } = await withRuns(() => true)
    expect([left(shrunk).length, shrunk.faults.size, shrunk.incidents.size, runs]).toStrictEqual([0, 0, 0, 3])
  })

  it("gives the plan itself where all of it is needed, and gives up in time", async () => {
    const { runs, shrunk } = await withRuns(() => false)
    expect(shrunk).toStrictEqual(plan)
    expect(runs).toBeLessThanOrEqual(mostRuns)
  })
})
