import type { Rows, Snapshot } from "./Database.ts"
import type { Transaction } from "./Transaction.ts"
import type { Row } from "./values.ts"

/** A row as a command of a transaction left it; null where it deleted it. */
export interface Version {
  readonly row: Row | null
  readonly transaction: Transaction
  readonly command: number
}

/** Somebody who waits until nobody else holds a row. */
export interface Waiter {
  readonly transaction: Transaction
  /** Whether it is to hold the row then: otherwise it looks again. */
  readonly wantsLock: boolean
  readonly wake: () => void
}

/** The versions of a row, oldest first, and who may change it. Only who holds its lock adds a version. */
export class Chain {
  readonly rows: Rows
  readonly key: string
  readonly versions: Array<Version> = []
  readonly waiters: Array<Waiter> = []
  owner: Transaction | null = null

  constructor(rows: Rows, key: string) {
    this.rows = rows
    this.key = key
  }

  get newest(): Version | undefined {
    return this.versions.at(-1)
  }

  /** As the last commit left it. */
  get committed(): Row | null {
    return this.versions.findLast(({ transaction }) => transaction.committed !== null)?.row ?? null
  }

  /** As a snapshot shows it. */
  seenBy({ command, commits, transaction: own }: Snapshot): Row | null {
    return this.versions.findLast(({ command: written, transaction }) =>
      transaction === own
        ? written < command
        : transaction.committed !== null && transaction.committed <= commits
    )?.row ?? null
  }

  /** Forgets the versions that nobody can see any more. */
  prune(oldest: number): void {
    const first = this.versions.findLastIndex(({ transaction: { committed } }) =>
      committed !== null && committed <= oldest
    )
    if (first > 0) this.versions.splice(0, first)
  }

  /** Nobody holds it any more: whoever has waited longest for the lock gets it. */
  release(): void {
    this.owner = null
    while (this.owner === null) {
      const next = this.waiters.shift()
      if (next === undefined) return
      if (next.wantsLock) next.transaction.hold(this)
      next.wake()
    }
  }
}
