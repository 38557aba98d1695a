import { Effect } from "effect"
import type { EngineError } from "../../../src/programs/stack/engines/engineProcess.ts"
import { programs } from "../../../src/programs/stack/programs.ts"
import { type Strike, timed } from "../measure/Strike.ts"
import { engineNames } from "../site/engines.ts"
import type { Extent, Scenario, Struck } from "./Scenario.ts"

/** Does something several times, with peace between. */
export const repeated = <A, E, R>({ hold, times }: Extent, one: Effect.Effect<A, E, R>) =>
  Effect.forEach(
    Array.from({ length: times }, (_, index) => index),
    (index) => Effect.delay(one, index === 0 ? 0 : hold)
  )

// Whoever looks after it starts it again at once.
const killed = (
  part: { readonly kill: Effect.Effect<void>; readonly restart: Effect.Effect<void, EngineError> }
) => timed("beginning", Effect.andThen(part.kill, part.restart))

const noFindings = (done: ReadonlyArray<{ readonly strike: Strike }>): Struck => ({
  strikes: done.map(({ strike }) => strike),
  findings: []
})

/** Each program and each engine is killed, and started again at once, several times. */
export const killing: ReadonlyArray<Scenario> = [
  ...programs.map((name): Scenario => ({
    name: `kill-${name}`,
    title: `kill -9 of the ${name}, started again at once`,
    strike: (site, extent) => Effect.map(repeated(extent, killed(site.programs[name])), noFindings)
  })),
  ...engineNames.map((name): Scenario => ({
    name: `kill-${name.toLowerCase()}`,
    title: `kill -9 of ${name}, started again at once on the data that it had`,
    strike: (site, extent) => Effect.map(repeated(extent, killed(site.engines[name])), noFindings)
  }))
]
