import { Effect, Fiber } from "effect"
import type { Learned } from "../clients/Learned.ts"
import type { Line } from "../clients/Line.ts"
import type { History } from "../history/History.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"
import type { Program } from "../site/Program.ts"
import { correct, type Site } from "../site/Site.ts"
import { comeBack, lastWord, unheardCommit } from "./comeBack.ts"
import { converge, undecided } from "./converge.ts"
import type { Incidents } from "./incidents.ts"
import { lastLooks } from "./lastLooks.ts"

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
  "rows" | "rowsAfterRedrive" | "poisoned" | "foreign" | "cached" | "cachedWhenCalm" | "calmFrom" | "held"
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
  const { engines, incidents, learned, line, site, world } = aftermath
  const { foreign, poisoned } = incidents.planted
  world.journal.tell("world", () => "calms down")
  world.faults.calm()
  engines.cache.isAway = false
  const chance = world.chance.fork("calm")
  for (const program of site.programs) {
    correct(program, chance)
    yield* program.start
  }
  engines.dynamo.bringLastRecords()
  yield* converge(world, engines)
  yield* engines.cache.isDeaf ? lastWord(world, line) : unheardCommit(world, line)
  yield* converge(world, engines)
  engines.cache.isDeaf = false
  const coming = yield* Effect.forkChild(comeBack(world, line, learned))
  const rows = engines.postgres.rows()
  const isRight = (stream: string) => !Array.from(poisoned.keys()).some((id) => id === stream)
  const cachedWhenCalm = engines.cache.entries("told")
  yield* askAgain(aftermath)

  incidents.planted.mend()
  const isMended = poisoned.size > 0
  if (isMended) {
    yield* site.operator.redrive
    yield* converge(world, engines)
  }
  const rowsAfterRedrive = isMended ? engines.postgres.rows() : null
  const calmSince = world.journal.now()
  const others = yield* stopAll(site.programs.filter((program) => !site.queries.includes(program)))
  yield* Fiber.join(coming)
  const calmFrom = yield* lastLooks(world, engines, line, { calmSince, isRight })
  // What is older than the contract lets it be has been read anew by now: whatever is served at all must be right.
  const cached = engines.cache.entries("all")
  // Nobody asks any more, and what was put into the cache for the last of them is there.
  yield* Effect.sleep("5 seconds")
  const lent = engines.postgres.lentConnections()
  const held: Readonly<Record<string, number>> = { ...others, ...(yield* stopAll(site.queries)) }
  const end: End = {
    rows,
    rowsAfterRedrive,
    poisoned,
    foreign,
    cached,
    cachedWhenCalm,
    calmFrom,
    held: {
      ...held,
      "the cache: operations": engines.cache.underWay,
      "the read database: connections lent while nobody asks": lent,
      "the read database: connections never given back": engines.postgres.neverGivenBack(),
      "the read database: transactions": engines.postgres.openTransactions(),
      "the read database: locks": engines.postgres.heldLocks(),
      "accepted commands that were never decided": undecided(engines)
    }
  }
  return end
})
