import type { Chance } from "./Chance.ts"

/** What the world does to the system, and how likely at each opportunity while nothing is calm. */
export const faultTable = {
  /** An eventually consistent read misses the latest items. */
  "stale read": 0.25,
  /** DynamoDB refuses a request because it is too busy. */
  "throttled": 0.03,
  /** No answer comes, and nothing happened. */
  "lost request": 0.02,
  /** No answer comes, although it happened. */
  "lost answer": 0.03,
  /** No answer comes in time, and it happens after that. */
  "late landing": 0.03,
  /** A request is carried out a good deal later than others. */
  "slow request": 0.05,
  /** A stream gives a record twice. */
  "duplicated record": 0.1,
  /** A record comes before one that was written before it. */
  "swapped records": 0.1,
  /** A record comes long after it was written. */
  "delayed record": 0.05,
  /** A record never comes. */
  "lost record": 0.02,
  /** A statement of the read database fails, with its connection. */
  "lost connection": 0.01,
  /** The read database has no time or no means for a statement, and says so; the connection stays. */
  "refused statement": 0.01,
  /** A statement is under way a good deal longer than others, or its answer is. */
  "slow statement": 0.05,
  /** A commit fails, and nothing is committed. */
  "failed commit": 0.03,
  /** A commit's answer is lost, although it is committed. */
  "unanswered commit": 0.03,
  /** The cache isn't told of an invalidation, and whoever told it doesn't know. */
  "lost invalidation": 0.02,
  /** The cache doesn't answer. */
  "cache down": 0.03,
  /** The cache answers late, after others. */
  "late cache": 0.1,
  /** The cache drops a picture. */
  "eviction": 0.03,
  /** A client hears nothing of its command, though it was handled. */
  "broken line": 0.04
} as const

export type FaultKind = keyof typeof faultTable

const isKind = (name: string): name is FaultKind => Object.hasOwn(faultTable, name)

export const faultKinds: ReadonlyArray<FaultKind> = Object.keys(faultTable).filter(isKind)

/** Decides which faults strike, and counts them: a kind that never struck proves nothing. */
export class Faults {
  readonly struck = new Map<FaultKind, number>()
  readonly #chances: ReadonlyMap<FaultKind, Chance>
  readonly #enabled: ReadonlySet<FaultKind>
  readonly #intensity: number
  #storm: ReadonlyMap<FaultKind, number> = new Map()
  #isCalm = false

  /** `intensity` multiplies all probabilities. */
  constructor(chance: Chance, enabled: ReadonlySet<FaultKind>, intensity = 1) {
    this.#chances = new Map(faultKinds.map((kind) => [kind, chance.fork(kind)]))
    this.#enabled = enabled
    this.#intensity = intensity
  }

  /** From now on nothing strikes but in storms that begin after this. */
  calm(): void {
    this.#isCalm = true
    this.#storm = new Map()
  }

  get isCalm(): boolean {
    return this.#isCalm
  }

  /** From now on these kinds strike so often, enabled or not; all others as before. Without any, the storm is over. */
  storm(likelihoods: ReadonlyMap<FaultKind, number>): void {
    this.#storm = likelihoods
  }

  /** `isPossible`: whether it would change anything, after what else has struck already. */
  strikes(kind: FaultKind, isPossible = true): boolean {
    // Drawn in any case: what is left out of a run doesn't change when the rest of it strikes.
    const drawn = this.#chances.get(kind)?.next() ?? 1
    const usual = this.#enabled.has(kind) && !this.#isCalm ? faultTable[kind] * this.#intensity : 0
    if (!isPossible || drawn >= (this.#storm.get(kind) ?? usual)) return false
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1)
    return true
  }
}

/** Nothing ever strikes: for the contract suites. */
export const noFaults = (chance: Chance): Faults => new Faults(chance, new Set())
