import type { Chain } from "./Chain.ts"
import type { Database, Snapshot } from "./Database.ts"
import type { Row } from "./values.ts"

/** A statement that is being carried out, in a transaction of a session. */
export interface Run {
  readonly database: Database
  /** Who holds advisory locks. */
  readonly session: object
  readonly snapshot: Snapshot
  readonly now: Date
  readonly parameters: Row
  /** What the parts of its `WITH` gave, by their names. */
  readonly parts: Map<string, ReadonlyArray<Row>>
  /** A whole number below this one. Where SQL promises no order, there is none to rely on. */
  readonly whim: (below: number) => number
}

/** The statement goes on once nobody else holds a row; it then holds it itself, or looks again. */
export interface Wait {
  readonly chain: Chain
  readonly wantsLock: boolean
}

/** The steps of a command: all at one instant, but for where it waits. */
export type Steps<A> = Generator<Wait, A, void>

/** What waits for nobody. */
export function* atOnce<A>(value: () => A): Steps<A> {
  yield* []
  return value()
}

/** Takes the lock of a row. */
export function* lock({ snapshot: { transaction } }: Run, chain: Chain): Steps<void> {
  if (chain.owner !== null && chain.owner !== transaction) yield { chain, wantsLock: true }
  else transaction.hold(chain)
}
