import { Chain } from "./Chain.ts"
import { keyOf, type Table, tables } from "./tables.ts"
import type { Transaction } from "./Transaction.ts"
import type { Row } from "./values.ts"

/** Rows of a table, by their keys, with all of their versions that somebody may see yet. */
export class Rows {
  readonly table: Table
  readonly chains = new Map<string, Chain>()

  constructor(table: Table) {
    this.table = table
  }

  /** Where the versions of a row are, made where there were none. */
  chainOf(row: Row): Chain {
    const key = keyOf(this.table, row)
    const known = this.chains.get(key)
    if (known !== undefined) return known
    const chain = new Chain(this, key)
    this.chains.set(key, chain)
    return chain
  }
}

/** A moment up to which committed changes are seen, and those of one's own transaction before a command of it. */
export interface Snapshot {
  readonly transaction: Transaction
  readonly commits: number
  readonly command: number
}

/** All that the server has. */
export class Database {
  readonly tables: ReadonlyMap<string, Rows> = new Map(tables.map((table) => [table.name, new Rows(table)]))
  /** Who holds which advisory lock. */
  readonly advisory = new Map<string, object>()
  readonly transactions = new Set<Transaction>()
  readonly snapshots = new Set<Snapshot>()
  #commits = 0

  get commits(): number {
    return this.#commits
  }

  /** The number of the next commit, which is visible from now on. */
  nextCommit(): number {
    return ++this.#commits
  }

  /** The oldest commit that somebody's snapshot ends with. */
  get oldest(): number {
    let oldest = this.#commits
    for (const { commits } of this.snapshots) oldest = Math.min(oldest, commits)
    return oldest
  }

  /** The committed rows of a table. */
  committed(name: string): ReadonlyArray<Row> {
    const chains = this.tables.get(name)?.chains.values() ?? []
    return Array.from(chains, (chain) => chain.committed).filter((row) => row !== null)
  }
}
