import type { Plan } from "./Plan.ts"

/** How many runs a shrinking may take. */
export const mostRuns = 150

/** Takes a plan to be as small as it may become: a try, and what is left of the tries. */
interface Shrinking {
  readonly fails: (plan: Plan) => Promise<boolean>
  runs: number
}

const stillFails = async (shrinking: Shrinking, plan: Plan): Promise<boolean> => {
  if (shrinking.runs >= mostRuns) return false
  shrinking.runs++
  return shrinking.fails(plan)
}

/**
 * Leaves out as many of some parts as it can, halves first: pieces that are needed are halved until they are single parts.
 * `without` is the plan without some of them, beside those that are left out of the plan already.
 */
const leaveOut = async <A>(
  shrinking: Shrinking,
  plan: Plan,
  parts: ReadonlyArray<A>,
  without: (plan: Plan, parts: ReadonlyArray<A>) => Plan
): Promise<Plan> => {
  if (parts.length === 0) return plan
  const smaller = without(plan, parts)
  if (await stillFails(shrinking, smaller)) return smaller
  if (parts.length === 1) return plan
  const middle = parts.length >>> 1
  const begun = await leaveOut(shrinking, plan, parts.slice(0, middle), without)
  return leaveOut(shrinking, begun, parts.slice(middle), without)
}

const withoutFaults = (plan: Plan, faults: ReadonlyArray<unknown>): Plan => ({
  ...plan,
  faults: new Set(Array.from(plan.faults).filter((kind) => !faults.includes(kind)))
})

const withoutIncidents = (plan: Plan, incidents: ReadonlyArray<unknown>): Plan => ({
  ...plan,
  incidents: new Set(Array.from(plan.incidents).filter((kind) => !incidents.includes(kind)))
})

const withoutOperations = (plan: Plan, operations: ReadonlyArray<number>): Plan => ({
  ...plan,
  dropped: new Set([...plan.dropped, ...operations])
})

const operationsOf = ({ dropped, operations }: Plan): ReadonlyArray<number> =>
  Array.from({ length: operations }, (_, number) => number).filter((number) => !dropped.has(number))

/**
 * A plan that fails as another does, with as little in it as was found in a bounded number of runs: first without incidents
 * and faults, then without operations, the last first.
 */
export const shrink = async (plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> => {
  const shrinking: Shrinking = { fails, runs: 0 }
  const calm = await leaveOut(shrinking, plan, Array.from(plan.incidents), withoutIncidents)
  const reliable = await leaveOut(shrinking, calm, Array.from(calm.faults), withoutFaults)
  return leaveOut(shrinking, reliable, operationsOf(reliable).toReversed(), withoutOperations)
}
