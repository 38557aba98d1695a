import { Console, Effect } from "effect"
import { argumentsOf, describeStep, describeViolations } from "./describe.ts"
import type { Plan } from "./Plan.ts"
import { type Outcome, runPlan, SimulationBroken } from "./runPlan.ts"
import { shrink } from "./shrink.ts"

const ran = (plan: Plan, trace: boolean): Effect.Effect<Outcome, SimulationBroken> =>
  Effect.tryPromise({
    try: () => runPlan(plan, { trace }),
    catch: (error) =>
      error instanceof SimulationBroken ? error : new SimulationBroken({ message: String(error), cause: error })
  })

const struckIn = ({ struck }: Outcome): string =>
  struck.size === 0 ? "nothing" : Array.from(struck, ([kind, times]) => `${kind} ${times}`).join(", ")

/** Runs one plan, prints what came of it and, if asked to, each step of it. Tells whether no promise was broken. */
export const replay = Effect.fn("replay")(function*(plan: Plan, isTraced: boolean) {
  const outcome = yield* ran(plan, isTraced)
  const { history, steps, violations } = outcome
  const describe = describeStep(steps[0]?.at ?? 0)
  for (const step of steps) yield* Console.log(describe(step))
  yield* Console.log(
    `Seed ${plan.seed}: ${history.exchanges.length} requests, ${history.log.length} commits. What struck: ${
      struckIn(outcome)
    }.`
  )
  if (violations.length === 0) {
    yield* Console.log("No promise was broken.")
    return true
  }
  yield* Console.log(`${violations.length} violations:\n${describeViolations(violations)}`)
  return false
})

/** Prints what is wrong under a plan, and a smaller plan, as far as one was found, under which something of the same rule is. */
export const explain = Effect.fn("explain")(function*(plan: Plan) {
  const { violations } = yield* ran(plan, false)
  const [first] = violations
  if (first === undefined) {
    return yield* Console.log(`Seed ${plan.seed} doesn't fail in this process: that isn't deterministic.`)
  }
  yield* Console.log(`\nSeed ${plan.seed} broke ${violations.length} promises:\n${describeViolations(violations)}`)
  yield* Console.log(`Replay it with\n  npm run simulate -- ${argumentsOf(plan)} --trace\nLooks for a smaller plan …`)
  const fails = (part: Plan) =>
    runPlan(part).then(({ violations }) => violations.some(({ rule }) => rule === first.rule), () => false)
  const smaller = yield* Effect.promise(() => shrink(plan, fails))
  const left = smaller.operations - smaller.dropped.size
  const kinds = [...smaller.faults, ...smaller.incidents]
  const { violations: remaining } = yield* ran(smaller, false)
  yield* Console.log(
    `${left} operations are enough, with ${kinds.length === 0 ? "nothing going wrong" : kinds.join(", ")}:\n` +
      `${describeViolations(remaining)}\nReplay that with\n  npm run simulate -- ${argumentsOf(smaller)} --trace`
  )
})
