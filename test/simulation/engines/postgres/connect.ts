import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Layer, Semaphore } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import { failOnLostTransactions } from "../../../../src/platform/lostTransactions.ts"
import type { Process } from "../../kernel/Process.ts"
import { Connection } from "./Connection.ts"
import type { Server } from "./Server.ts"

const compiler = PgClient.makeCompiler()

/** The client of one process, with a pool of connections as `PgClient` has it. */
export const connect = (
  server: Server,
  process: Process,
  maxConnections: number
): Layer.Layer<SqlClient.SqlClient> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function*() {
      const chance = server.world.chance.fork(`postgres/${process.name}`)
      const permits = Semaphore.makeUnsafe(maxConnections)
      const idle: Array<Connection> = []
      const all = new Set<Connection>()
      const lent = new Set<Connection>()
      server.lent.set(process, lent)
      let made = 0
      // Whoever borrows from a pool ends before it does.
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          server.neverGivenBack += lent.size
          server.lent.delete(process)
          for (const connection of all) connection.close()
        })
      )
      const lend = Effect.map(permits.take(1), () => {
        const connection = idle.pop() ?? new Connection(server, process, chance.fork(made++))
        all.add(connection)
        lent.add(connection)
        return connection
      })
      const takeBack = (connection: Connection) =>
        Effect.suspend(() => {
          lent.delete(connection)
          if (connection.isOpen) idle.push(connection)
          else all.delete(connection)
          return permits.release(1)
        })
      const acquirer = Effect.acquireRelease(lend, takeBack, { interruptible: true })
      const client = yield* SqlClient.make({
        driver: "pg",
        acquirer,
        borrower: (use) => Effect.acquireUseRelease(lend, use, takeBack),
        transactionAcquirer: acquirer,
        compiler,
        prepareTransactionControls: true,
        releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
        spanAttributes: []
      })
      return failOnLostTransactions(client)
    })
  ).pipe(Layer.provide(Reactivity.layer))
