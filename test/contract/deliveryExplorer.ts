import { Effect, Equal } from "effect"
import type { InboxOutcome } from "../../src/commands/InboxEntry.ts"
import { type DeliveryPromise, type Disguise, makeWorld, type Scenario } from "./deliveryWorld.ts"

export interface Violation {
  readonly promise: DeliveryPromise
  /** The steps that led to it, in their order. */
  readonly schedule: ReadonlyArray<string>
}

export interface Exploration {
  readonly schedules: number
  /** What the command came to, in all schedules. */
  readonly outcomes: ReadonlySet<string>
  /** The first that was found; the exploration ends with it. */
  readonly violation: Violation | undefined
}

interface Run {
  readonly choices: ReadonlyArray<number>
  readonly alternatives: ReadonlyArray<number>
  readonly outcome: string
  readonly violation: Violation | undefined
}

const nameOf = (outcome: InboxOutcome | null): string => {
  if (outcome === null) return "pending"
  return outcome._tag === "Done" ? outcome.outcome : outcome._tag === "Rejected" ? outcome.rejection._tag : "failed"
}

const isAccepted = (outcome: InboxOutcome): boolean => outcome._tag === "Done" && outcome.outcome !== "unchanged"

/** Follows the choices as far as they go, and takes the first from there on. */
const follow = Effect.fnUntraced(function*(scenario: Scenario, disguise: Disguise, prefix: ReadonlyArray<number>) {
  const { appended, outcome, redeliver, turns } = yield* makeWorld(scenario, disguise)
  const choices: Array<number> = []
  const alternatives: Array<number> = []
  const schedule: Array<string> = []
  let stands: InboxOutcome | null = null
  let isDead = !scenario.mayDie
  const broken = Effect.gen(function*() {
    const now = yield* outcome
    const before = stands
    stands = now
    if (before !== null && !Equal.equals(JSON.stringify(before), JSON.stringify(now))) {
      return "an outcome stands for ever" satisfies DeliveryPromise
    }
    const events = yield* appended
    const expected = now !== null && isAccepted(now) ? 1 : 0
    return events === expected
      ? undefined
      : ("the log has the command's events if and only if it was accepted, and once" satisfies DeliveryPromise)
  })
  const result = (promise: DeliveryPromise | undefined): Run => ({
    choices,
    alternatives,
    outcome: nameOf(stands),
    violation: promise === undefined ? undefined : { promise, schedule }
  })
  while (true) {
    const waiting = yield* turns.settle
    const possible = [
      ...waiting.map(({ actor, step }) => ({ name: `${actor}: ${step}`, step: turns.take(actor) })),
      ...waiting.filter(({ actor }) => !isDead && actor !== "rival").map(({ actor, step }) => ({
        name: `${actor} dies before: ${step}`,
        step: Effect.andThen(
          Effect.sync(() => {
            isDead = true
          }),
          turns.kill(actor)
        )
      }))
    ]
    const choice = prefix[choices.length] ?? 0
    const taken = possible[choice]
    if (taken === undefined) break
    choices.push(choice)
    alternatives.push(possible.length)
    schedule.push(taken.name)
    yield* taken.step
    yield* turns.settle
    const promise = yield* broken
    if (promise !== undefined) return result(promise)
  }
  // Whoever comes last finds it done, or does it.
  schedule.push("delivered again")
  yield* redeliver
  const promise = yield* broken
  return result(promise ?? (stands === null ? "a command comes to an outcome" : undefined))
}, Effect.scoped)

/** The next schedule in depth-first order: the deepest choice that has an alternative left takes it. */
const after = ({ alternatives, choices }: Run): ReadonlyArray<number> | undefined => {
  const depth = choices.findLastIndex((choice, index) => choice + 1 < (alternatives[index] ?? 0))
  return depth < 0 ? undefined : [...choices.slice(0, depth), (choices[depth] ?? 0) + 1]
}

/** Runs every schedule of a scenario, each from its beginning, and checks after every step what deliveries promise. */
export const explore = Effect.fnUntraced(function*(scenario: Scenario, disguise: Disguise = (inbox) => inbox) {
  const outcomes = new Set<string>()
  let schedules = 0
  let next: ReadonlyArray<number> | undefined = []
  while (next !== undefined) {
    const run: Run = yield* follow(scenario, disguise, next)
    schedules++
    outcomes.add(run.outcome)
    if (run.violation !== undefined) return { schedules, outcomes, violation: run.violation } satisfies Exploration
    next = after(run)
  }
  return { schedules, outcomes, violation: undefined } satisfies Exploration
})
