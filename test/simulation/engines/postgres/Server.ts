import { CommentId } from "../../../../src/domain/ids.ts"
import type { PositionsReached } from "../../history/History.ts"
import type { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import type { Ready } from "./change.ts"
import type { Connection } from "./Connection.ts"
import { Database } from "./Database.ts"
import { prepare } from "./prepare.ts"
import type { Session } from "./Session.ts"
import { Transaction } from "./Transaction.ts"

/** What all sessions of a server share. */
export class Server {
  readonly world: World
  readonly database = new Database()
  readonly sessions = new Set<Session>()
  readonly positionsReached: Array<PositionsReached> = []
  /** The connections that a process' pool has lent and not got back. */
  readonly lent = new Map<Process, ReadonlySet<Connection>>()
  /** How many of them were still lent when their pool was closed. */
  neverGivenBack = 0
  readonly #prepared = new Map<string, Ready>()

  constructor(world: World) {
    this.world = world
  }

  /** A statement, made ready once. Throws `UnknownStatement`. */
  prepare(sql: string): Ready {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const ready = prepare(this.database, sql)
    this.#prepared.set(sql, ready)
    return ready
  }

  begin(): Transaction {
    return new Transaction(this.database, this.world.journal.now())
  }

  /** Commits, and remembers which positions that changed. */
  commit(transaction: Transaction): void {
    const positions = Array.from(transaction.changed).flatMap(({ newest, rows }) => {
      const isIts = rows.table.name === "stream_positions" && newest?.transaction === transaction
      if (!isIts || newest.row === null) return []
      const [stream, version, , , , , , parkedAt] = newest.row
      return [{ stream: CommentId.make(String(stream)), version: Number(version), parked: parkedAt !== null }]
    })
    transaction.commit()
    if (positions.length > 0) this.positionsReached.push({ moment: this.world.journal.moment(), positions })
  }
}
