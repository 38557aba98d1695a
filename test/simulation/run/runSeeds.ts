import { Array as Arr } from "effect"
import { planOf } from "./Plan.ts"
import { runPlan } from "./runPlan.ts"
import { asked, say, seedsOf } from "./seedLines.ts"

// The program that runs seeds, one after the other, and says what comes of each. `seedProcess` starts it.

const request = asked()

/** Whether no promise was broken. */
const run = async (seed: number): Promise<boolean> => {
  say({ _tag: "Begun", seed })
  const plan = request.operations === null ? planOf(seed) : planOf(seed, request.operations)
  const { struck, violations } = await runPlan(plan)
  if (!Arr.isReadonlyArrayNonEmpty(violations)) {
    say({ _tag: "Passed", seed, struck: Object.fromEntries(struck) })
    return true
  }
  const [{ detail, promise }] = violations
  say({ _tag: "Failed", seed, rules: Arr.dedupe(Arr.map(violations, ({ rule }) => rule)), promise, detail })
  return false
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? `${error.message}: ${String(error.cause)}` : String(error)

const broke = (seed: number) => (error: unknown) => {
  say({ _tag: "Broke", seed, reason: reasonOf(error) })
  return true
}

const runAll = async (): Promise<void> => {
  let goesOn = true
  const runNext = async (seed: number) => {
    if (!goesOn) return
    const isGood = await run(seed).catch(broke(seed))
    goesOn = isGood || !request.untilFailed
  }
  await seedsOf(request).reduce((before, seed) => before.then(() => runNext(seed)), Promise.resolve())
  say({ _tag: "Over" })
}

await runAll()
