import { assert, describe, it } from "@effect/vitest"
import { faultKinds } from "./kernel/Faults.ts"
import { describeViolations } from "./run/describe.ts"
import { planOf } from "./run/Plan.ts"
import { type Outcome, runPlan } from "./run/runPlan.ts"
import { incidentKinds } from "./world/incidentTable.ts"

/** How many seeds every test run lives through. `npm run simulate` runs more. */
const seeds = 25

const outcomes: Array<Outcome> = []

describe("The whole site, simulated", () => {
  it.each(Array.from({ length: seeds }, (_, index) => index + 1))("keeps its promises under seed %i", async (seed) => {
    const outcome = await runPlan(planOf(seed))
    outcomes.push(outcome)
    const { violations } = outcome
    const told = `replay it by npm run simulate -- --seed ${seed} --trace:\n${describeViolations(violations)}`
    assert.deepStrictEqual(violations, [], told)
  })

  it("has everything happen to it that may happen", () => {
    const struck = new Set(outcomes.flatMap(({ struck }) => Array.from(struck.keys())))
    assert.deepStrictEqual([...faultKinds, ...incidentKinds].filter((kind) => !struck.has(kind)), [])
  })

  it("is asked for, and answers, everything that the checker judges", () => {
    const exchanges = outcomes.flatMap(({ history }) => history.exchanges)
    const answers = new Set(exchanges.map(({ answer, request }) => `${request.method} ${answer?.status ?? "nothing"}`))
    const expected = [
      "GET 200",
      "GET 304",
      "GET 403",
      "GET 404",
      "GET 410",
      "GET 503",
      "POST 201",
      "POST 202",
      "POST 422",
      "POST nothing",
      "PATCH 200",
      "PATCH 202",
      "PATCH 403",
      "PATCH 410",
      "PATCH 412",
      "PATCH 422",
      "PATCH 503",
      "PATCH nothing",
      "DELETE 202",
      "DELETE 204",
      "DELETE nothing"
    ]
    assert.deepStrictEqual(expected.filter((answer) => !answers.has(answer)), [])
    assert.isTrue(exchanges.some(({ answer }) => answer?.headers["idempotency-replayed"] === "true"))
  })

  it("goes through the same steps whenever a seed is run, whatever was run before", async () => {
    const plan = planOf(2)
    const first = await runPlan(plan, { trace: true })
    await runPlan(planOf(4))
    const second = await runPlan(plan, { trace: true })
    assert.isAbove(first.steps.length, 1000)
    assert.deepStrictEqual(second.steps, first.steps)
    assert.deepStrictEqual(second.history, first.history)
  })
})
