import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as SqlClient from "effect/sql/SqlClient"
import type * as SqlConnection from "effect/sql/SqlConnection"
import * as Stream from "effect/Stream"
import { createHash } from "node:crypto"
import { makeLogins } from "../../queries/logins.ts"
import { readModelMigrations } from "../../queries/migrations.ts"
import { grantRoles } from "../../queries/roles.ts"

/** A database that notes what it is told, does nothing, and has nothing. */
const noting = Effect.fnUntraced(function*(notes: Array<unknown>) {
  const note = (statement: string, parameters: ReadonlyArray<unknown>) =>
    Effect.sync(() => {
      notes.push([statement, parameters])
      return []
    })
  const connection: SqlConnection.Connection = {
    execute: note,
    executeRaw: note,
    executeStream: (statement, parameters) => Stream.fromIterableEffect(note(statement, parameters)),
    executeUnprepared: note,
    executeValues: note,
    executeValuesUnprepared: note
  }
  return yield* SqlClient.make({
    acquirer: Effect.succeed(connection),
    compiler: PgClient.makeCompiler(),
    driver: "noting",
    spanAttributes: []
  })
})

/**
 * What stands for all that the migration does to a database: every statement of the migrations, the roles and the logins, as
 * 64 hexadecimal digits. Another one means that the database has to be migrated again.
 */
export const migrationsHash: Effect.Effect<string> = Effect.gen(function*() {
  const notes: Array<unknown> = []
  const sql = yield* noting(notes)
  const steps = [...Object.entries(readModelMigrations), ["roles", grantRoles], ["logins", makeLogins]] as const
  for (const [name, step] of steps) {
    notes.push(name)
    yield* Effect.orDie(Effect.provideService(step, SqlClient.SqlClient, sql))
  }
  return createHash("sha256").update(JSON.stringify(notes)).digest("hex")
}).pipe(Effect.provide(Reactivity.layer))
