import { Effect } from "effect"
import { PictureId } from "../../src/domain/ids.ts"
import type { QueryCache } from "../../src/queries/QueryCache.ts"
import type { Actor, CachePromise, Scenario } from "./queryCacheActors.ts"
import { cachePromises, makeActors } from "./queryCacheActors.ts"
import type { QueryCacheControls } from "./QueryCacheControls.ts"

export interface Violation {
  readonly promise: CachePromise
  /** The steps that led to it, in their order. */
  readonly schedule: ReadonlyArray<string>
}

export interface Exploration {
  readonly schedules: number
  readonly steps: number
  /** The first that was found; the exploration ends with it. */
  readonly violation: Violation | undefined
}

// Of actors that are alike, one begins only after the one before it: any other order is the same by renaming.
const enabled = (actors: ReadonlyArray<Actor>): ReadonlyArray<Actor> =>
  actors.filter((actor, index) => {
    const before = actors[index - 1]
    return actor.next !== undefined && (actor.begun || before?.kind !== actor.kind || before.begun)
  })

/** Which of the enabled actors took each step, and how many there were to choose from. */
interface Run {
  readonly choices: ReadonlyArray<number>
  readonly alternatives: ReadonlyArray<number>
  readonly violation: Violation | undefined
}

/** Follows the choices as far as they go, and takes the first actor from there on. */
const follow = Effect.fnUntraced(function*(
  { actors, last }: ReturnType<typeof makeActors>,
  prefix: ReadonlyArray<number>,
  watched: ReadonlyArray<CachePromise>
) {
  const choices: Array<number> = []
  const alternatives: Array<number> = []
  const taken: Array<{ readonly actor: Actor; readonly step: string | undefined }> = []
  let actor: Actor | undefined
  do {
    const choosable = enabled(actors)
    const choice = prefix[choices.length] ?? 0
    actor = choosable[choice]
    if (actor !== undefined) {
      choices.push(choice)
      alternatives.push(choosable.length)
    }
    const next = actor ?? last
    taken.push({ actor: next, step: next.next })
    next.begun = true
    const promise = yield* next.step
    if (promise !== undefined && watched.includes(promise)) {
      const schedule = taken.map(({ actor, step }) => `${actor.name}: ${step}`)
      return { choices, alternatives, violation: { promise, schedule } } satisfies Run
    }
  } while (actor !== undefined)
  return { choices, alternatives, violation: undefined } satisfies Run
})

/** The next schedule in depth-first order: the deepest choice that has an alternative left takes it. */
const after = ({ alternatives, choices }: Run): ReadonlyArray<number> | undefined => {
  const depth = choices.findLastIndex((choice, index) => choice + 1 < (alternatives[index] ?? 0))
  return depth < 0 ? undefined : [...choices.slice(0, depth), (choices[depth] ?? 0) + 1]
}

let explorations = 0

/**
 * Runs every schedule of a scenario, each from its beginning and on a picture that nobody has read, and checks after every
 * step what the protocol promises (`watched`: all of it, unless said otherwise). Nothing but the cache itself remembers
 * anything, so that it finds what any implementation does, not what a model of it would.
 */
export const explore = Effect.fnUntraced(function*(
  cache: QueryCache["Service"],
  controls: QueryCacheControls["Service"],
  scenario: Scenario,
  watched: ReadonlyArray<CachePromise> = cachePromises
) {
  const name = `explored-${process.pid}-${explorations++}`
  let schedules = 0
  let steps = 0
  let next: ReadonlyArray<number> | undefined = []
  while (next !== undefined) {
    const actors = makeActors(cache, controls, scenario, PictureId.make(`${name}-${schedules}`))
    const run: Run = yield* follow(actors, next, watched)
    schedules++
    steps += run.choices.length + 1
    if (run.violation !== undefined) return { schedules, steps, violation: run.violation } satisfies Exploration
    if (schedules % 1000 === 0) yield* controls.flush
    next = after(run)
  }
  return { schedules, steps, violation: undefined } satisfies Exploration
})
