import type { Layer } from "effect"
import type { SqlClient } from "effect/sql"
import type { FinalRows, PositionsReached } from "../../history/History.ts"
import type { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import { connect } from "./connect.ts"
import { finalRows } from "./finalRows.ts"
import { Server } from "./Server.ts"

/**
 * The read model's database, as PostgreSQL is at READ COMMITTED: rows with versions, locks for which others wait in turn
 * and then look again, conflicts that wait for whoever inserts, savepoints, deadlocks found after a second.
 *
 * It reads the statements' own text, so that a clause which isn't there has no effect. What it can't read is a defect
 * (`UnknownStatement`). Each statement takes a while to get there, is carried out at one instant but for where it waits,
 * and its answer takes a while. Where SQL promises no order there is none.
 */
export class SimulatedPostgres {
  readonly #server: Server

  constructor(world: World) {
    this.#server = new Server(world)
  }

  /** The client of a process, with connections of its own. What they hold is released when it is killed or closed. */
  connect(process: Process, options?: { readonly maxConnections?: number }): Layer.Layer<SqlClient.SqlClient> {
    return connect(this.#server, process, options?.maxConnections ?? 4)
  }

  /** What is committed. */
  rows(): FinalRows {
    return finalRows(this.#server.database)
  }

  /** Each commit that changed positions, in order. */
  get positionsReached(): ReadonlyArray<PositionsReached> {
    return this.#server.positionsReached
  }

  /** The sessions that wait for a lock, in no order. */
  waiting(): ReadonlyArray<{ readonly query: string; readonly cut: () => void }> {
    return Array.from(this.#server.sessions).flatMap((session) => {
      const query = session.waiting
      return query === null ? [] : [{ query, cut: () => session.end() }]
    })
  }

  /** Cuts the connections of all who hold advisory locks. */
  cutLeaders(): void {
    const { database: { advisory }, sessions } = this.#server
    const holders = new Set(advisory.values())
    for (const session of Array.from(sessions).filter((session) => holders.has(session))) session.end()
  }

  /** Connections that are lent now, by the pools of processes that live. */
  lentConnections(): number {
    return Array.from(this.#server.lent).reduce((sum, [{ isAlive }, lent]) => sum + (isAlive ? lent.size : 0), 0)
  }

  /** Connections that were still lent when their pool was closed. A killed process closes none. */
  neverGivenBack(): number {
    return this.#server.neverGivenBack
  }

  openTransactions(): number {
    return this.#server.database.transactions.size
  }

  /** Locks of rows, and advisory locks. */
  heldLocks(): number {
    const { advisory, transactions } = this.#server.database
    return Array.from(transactions).reduce((sum, { held }) => sum + held.size, advisory.size)
  }
}
