import { assert, describe, it } from "@effect/vitest"
import { complaintsOf, growthAllowed, type Outcome } from "./Outcome.ts"

const program = { program: "query-service", pid: 7, startBytes: 100 * 2 ** 20 }

/** A process that grows in many small steps, of which this is the last. */
const grownTo = (residentBytes: number, pid = 7): Outcome => ({
  name: "kill-redis",
  title: "kill -9 of Redis",
  availability: [],
  recoveries: [0],
  convergedIn: 0,
  commits: 0,
  violations: [],
  findings: [],
  memory: {
    before: [{ ...program, residentBytes: residentBytes - 1 }],
    after: [{ ...program, pid, residentBytes }]
  }
})

const grown = ["The query-service has grown by 201 MiB since its start."]

describe("The memory of a program", () => {
  it("is judged from its process' start on, over all scenarios", () => {
    assert.deepStrictEqual(complaintsOf(grownTo(program.startBytes + growthAllowed)), [])
    assert.deepStrictEqual(complaintsOf(grownTo(program.startBytes + growthAllowed + 2 ** 20)), grown)
  })

  it("is judged of one that was started meanwhile, too", () => {
    assert.deepStrictEqual(complaintsOf(grownTo(program.startBytes + growthAllowed + 2 ** 20, 8)), grown)
  })
})
