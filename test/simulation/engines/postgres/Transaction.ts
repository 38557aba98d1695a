import type { Chain } from "./Chain.ts"
import type { Database, Snapshot } from "./Database.ts"
import type { Row } from "./values.ts"

interface Savepoint {
  readonly name: string
  readonly done: number
}

/** A transaction at READ COMMITTED: each of its commands sees what was committed before that command began. */
export class Transaction {
  readonly #database: Database
  readonly #undo: Array<() => void> = []
  readonly #savepoints: Array<Savepoint> = []
  readonly changed = new Set<Chain>()
  readonly held = new Set<Chain>()
  /** The instant of its first command: what `now()` is. */
  readonly began: number
  /** The number of its commit; null while it isn't committed. */
  committed: number | null = null
  /** What it waits for. */
  waitsFor: Chain | null = null
  /** Ends its waiting, with the connection. */
  cutOff: (() => void) | null = null
  #commands = 0

  constructor(database: Database, began: number) {
    this.#database = database
    this.began = began
    database.transactions.add(this)
  }

  /** What the next command sees. */
  snapshot(): Snapshot {
    return { transaction: this, commits: this.#database.commits, command: ++this.#commands }
  }

  /** Takes the lock of a row that nobody else holds, up to the end, or to the savepoint before it. */
  hold(chain: Chain): void {
    if (chain.owner === this) return
    chain.owner = this
    this.held.add(chain)
    this.#undo.push(() => {
      this.held.delete(chain)
      chain.release()
    })
  }

  /** Leaves a row that it holds as a command made it; null to delete it. */
  write(chain: Chain, row: Row | null, command: number): void {
    chain.prune(this.#database.oldest)
    chain.versions.push({ row, transaction: this, command })
    this.changed.add(chain)
    this.#undo.push(() => chain.versions.pop())
  }

  savepoint(name: string): void {
    this.#savepoints.push({ name, done: this.#undo.length })
  }

  /** Forgets a savepoint and those after it; what was done since stays. False if there is none. */
  releaseSavepoint(name: string): boolean {
    const place = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name)
    if (place >= 0) this.#savepoints.splice(place)
    return place >= 0
  }

  /** Takes back what was done since a savepoint, which stays. False if there is none. */
  rollbackTo(name: string): boolean {
    const place = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name)
    const savepoint = this.#savepoints[place]
    if (savepoint === undefined) return false
    this.#savepoints.splice(place + 1)
    this.#takeBack(savepoint.done)
    return true
  }

  #takeBack(done: number): void {
    // Versions first: whoever gets a lock must find the row as it is then.
    for (const undo of this.#undo.splice(done).toReversed()) undo()
  }

  /** What a failure takes back: all since the last savepoint, which stays, or all. */
  abort(): void {
    this.#takeBack(this.#savepoints.at(-1)?.done ?? 0)
  }

  rollback(): void {
    this.#database.transactions.delete(this)
    this.#takeBack(0)
  }

  commit(): void {
    this.#database.transactions.delete(this)
    this.committed = this.#database.nextCommit()
    const held = Array.from(this.held)
    this.held.clear()
    for (const chain of held) chain.release()
  }
}
