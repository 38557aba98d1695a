import { Effect } from "effect"
import { timeToLiveSeconds } from "../../../src/queries/QueryCache.ts"
import type { Learned } from "../clients/Learned.ts"
import type { Line } from "../clients/Line.ts"
import type { History } from "../history/History.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"
import type { Program } from "../site/Program.ts"
import { correct, type Site } from "../site/Site.ts"
import { converge, undecided } from "./converge.ts"
import type { Incidents } from "./incidents.ts"

/** Everything in a run when its clients have done what they wanted to. */
export interface Aftermath {
  readonly world: World
  readonly engines: Engines
  readonly site: Site
  readonly line: Line
  readonly learned: Learned
  readonly incidents: Incidents
}

/** What only is known at the end. */
export type End = Pick<
  History,
  "rows" | "rowsAfterRedrive" | "poisoned" | "foreign" | "cached" | "cachedWhenCalm" | "held"
>

// Everybody who sent a command to be decided later asks what came of it.
const askAgain = Effect.fnUntraced(function*({ learned, line, world }: Aftermath) {
  const chance = world.chance.fork("last questions")
  yield* Effect.forEach(learned.putOff, ({ path, who }) => line.send(chance, { who, method: "GET", path }), {
    discard: true
  })
})

const stopAll = Effect.fnUntraced(function*(programs: ReadonlyArray<Program>) {
  const held = yield* Effect.forEach(programs, ({ stop }) => stop, { concurrency: "unbounded" })
  return Object.assign({}, ...held)
})

/** Lets the world be calm, waits for what is promised then, looks, mends what was poisoned, looks again, and ends it all. */
export const calmDown = Effect.fnUntraced(function*(aftermath: Aftermath) {
  const { engines, incidents, site, world } = aftermath
  const { foreign, poisoned } = incidents.planted
  world.journal.tell("world", () => "calms down")
  const wereLost = (world.faults.struck.get("lost record") ?? 0) > 0
  world.faults.calm()
  engines.cache.isAway = false
  const chance = world.chance.fork("calm")
  for (const program of site.programs) {
    correct(program, chance)
    yield* program.start
  }
  // Nothing tells the site of records that were lost without a trace. Only somebody who looks into the log finds out.
  if (wereLost) yield* site.operator.reconcile
  yield* converge(world, engines)
  const rows = engines.postgres.rows()
  const cachedWhenCalm = engines.cache.entries("told")
  yield* askAgain(aftermath)

  incidents.planted.mend()
  const isMended = poisoned.size > 0
  if (isMended) {
    yield* site.operator.redrive
    yield* converge(world, engines)
  }
  const rowsAfterRedrive = isMended ? engines.postgres.rows() : null
  const held: Readonly<Record<string, number>> = yield* stopAll(site.programs)
  yield* Effect.sleep(timeToLiveSeconds * 1000)
  const end: End = {
    rows,
    rowsAfterRedrive,
    poisoned,
    foreign,
    cached: engines.cache.entries("all"),
    cachedWhenCalm,
    held: {
      ...held,
      "the cache: operations": engines.cache.underWay,
      "the read database: transactions": engines.postgres.openTransactions(),
      "the read database: locks": engines.postgres.heldLocks(),
      "accepted commands that were never decided": undecided(engines)
    }
  }
  return end
})
