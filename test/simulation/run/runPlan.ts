import { Clock, Data, Effect, Exit } from "effect"
import { check } from "../checker/check.ts"
import { Line } from "../clients/Line.ts"
import { perform } from "../clients/Workload.ts"
import { SimulatedCache } from "../engines/cache/SimulatedCache.ts"
import { SimulatedDynamo } from "../engines/dynamo/SimulatedDynamo.ts"
import { SimulatedPostgres } from "../engines/postgres/SimulatedPostgres.ts"
import type { History } from "../history/History.ts"
import type { Violation } from "../history/Violation.ts"
import { Chance } from "../kernel/Chance.ts"
import { Faults } from "../kernel/Faults.ts"
import { Journal, type Step } from "../kernel/Journal.ts"
import { runSimulated } from "../kernel/simulatedTime.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"
import { makeSite } from "../site/Site.ts"
import { calmDown } from "../world/calmDown.ts"
import { makeIncidents } from "../world/incidents.ts"
import type { Plan } from "./Plan.ts"

/** What a run came to. */
export interface Outcome {
  readonly history: History
  readonly violations: ReadonlyArray<Violation>
  /** All that happened, if it was asked for. */
  readonly steps: ReadonlyArray<Step>
  /** How often each kind of fault and incident struck. */
  readonly struck: ReadonlyMap<string, number>
}

/** The simulation itself failed: that says nothing about what is simulated. */
export class SimulationBroken extends Data.TaggedError("SimulationBroken")<{
  readonly message: string
  readonly cause: unknown
}> {}

/**
 * The times in which operations begin and incidents happen, in milliseconds. In a short one much happens at once; a long one
 * leaves time to recover, and to forget.
 */
const durations = [3_000, 8_000, 20_000] as const

const live = Effect.fnUntraced(function*(plan: Plan, isTraced: boolean) {
  const clock = yield* Clock.clockWith(Effect.succeed)
  const chance = new Chance(`seed ${plan.seed}`)
  const duration = chance.fork("duration").pick(durations)
  const journal = new Journal(() => clock.currentTimeMillisUnsafe(), isTraced)
  const faults = new Faults(chance.fork("faults"), plan.faults)
  const world: World = { chance, faults, journal }
  const engines: Engines = {
    dynamo: new SimulatedDynamo(world),
    postgres: new SimulatedPostgres(world),
    cache: new SimulatedCache(world)
  }
  const site = yield* makeSite(world, engines)
  const line = new Line(world, site)
  const incidents = makeIncidents(world, engines, site)
  yield* Effect.forEach(site.programs, ({ start }) => start, { discard: true })
  const [learned] = yield* Effect.all(
    [perform(world, line, { ...plan, duration }), incidents.happen(plan.incidents, duration)],
    { concurrency: "unbounded" }
  )
  const end = yield* calmDown({ world, engines, site, line, learned, incidents })
  const history: History = {
    exchanges: line.exchanges,
    log: engines.dynamo.log,
    positions: engines.postgres.positionsReached,
    ...end
  }
  return { history, steps: journal.steps, struck: new Map<string, number>([...faults.struck, ...incidents.struck]) }
})

/** Lives through a plan from its beginning to its end, and judges what came of it. The same plan gives the same, bit for bit. */
export const runPlan = async (plan: Plan, { trace = false }: { readonly trace?: boolean } = {}): Promise<Outcome> => {
  const exit = await runSimulated(live(plan, trace))
  if (Exit.isFailure(exit)) {
    throw new SimulationBroken({ message: `the simulation of seed ${plan.seed} broke`, cause: exit.cause })
  }
  return { ...exit.value, violations: check(exit.value.history) }
}
