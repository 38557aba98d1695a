import { Effect } from "effect"
import { memoryCheckpoints } from "../../support/mortality.ts"
import type { SentRequest } from "../history/History.ts"
import type { Chance } from "../kernel/Chance.ts"
import { makeSkewedClock } from "../kernel/SkewedClock.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "./Engines.ts"
import { makeOperator, type Operator } from "./operator.ts"
import { Program, type Wiring } from "./Program.ts"
import { deliveredProjector, streamPoller } from "./projecting.ts"
import { commandService, queryService, sweepings } from "./services.ts"

/** All programs of a site. */
export interface Site {
  readonly programs: readonly [Program, ...ReadonlyArray<Program>]
  /** Those that answer queries. */
  readonly queries: ReadonlyArray<Program>
  /** Those that bring the log into the read model. */
  readonly projecting: ReadonlyArray<Program>
  readonly operator: Operator
  /** The service to which a request goes: whichever of its kind that the entry point chooses. */
  readonly serviceFor: (request: SentRequest, chance: Chance) => Program
}

/** The largest error of a clock that nothing has happened to, in milliseconds. */
const usualSkew = 500

/** Sets a clock about right. */
export const correct = (program: Program, chance: Chance): void => {
  program.clock.skew = chance.integer(-usualSkew, usualSkew)
}

/** Makes the programs of a site. None is started. */
export const makeSite = Effect.fnUntraced(function*(world: World, engines: Engines) {
  const chance = world.chance.fork("site")
  const program = (name: string, wiring: Wiring) =>
    Effect.map(makeSkewedClock, (clock) => {
      const made = new Program(name, clock, world, wiring)
      correct(made, chance)
      return made
    })
  const sweeping = chance.fork("sweeping").pick(sweepings)
  const commands = [
    yield* program("command service 1", commandService(engines, sweeping)),
    yield* program("command service 2", commandService(engines, sweeping))
  ] as const
  const queries = [
    yield* program("query service 1", queryService(engines)),
    yield* program("query service 2", queryService(engines))
  ] as const
  const pollers = [
    yield* program("poller 1", streamPoller(engines, sweeping)),
    yield* program("poller 2", streamPoller(engines, sweeping))
  ]
  // Not in each run: what they project hides what the pollers don't. Two are what a Lambda becomes for a moment when it is
  // invoked again while its last invocation still runs.
  const delivered = yield* Effect.forEach(
    ["projector 1", "projector 2"].slice(0, chance.pick([0, 1, 2, 2, 2])),
    (name) => program(name, deliveredProjector(engines, memoryCheckpoints()))
  )
  const site: Site = {
    queries,
    projecting: [...pollers, ...delivered],
    programs: [...commands, ...queries, ...pollers, ...delivered],
    operator: makeOperator(world, engines, yield* makeSkewedClock),
    serviceFor: ({ method, path }, chance) =>
      chance.pick(method === "GET" && !path.startsWith("/commands/") ? queries : commands)
  }
  return site
})
