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

/** Something that is done to a database. */
export type DatabaseStep<E> = readonly [name: string, step: Effect.Effect<unknown, E, SqlClient.SqlClient>]

/** What stands for some steps: for their names and all their statements, in their order, as 64 hexadecimal digits. */
export const hashOf = <E>(steps: ReadonlyArray<DatabaseStep<E>>): Effect.Effect<string> =>
  Effect.gen(function*() {
    const notes: Array<unknown> = []
    const sql = yield* noting(notes)
    for (const [name, step] of steps) {
      notes.push(name)
      yield* Effect.orDie(Effect.provideService(step, SqlClient.SqlClient, sql))
    }
    return createHash("sha256").update(JSON.stringify(notes)).digest("hex")
  }).pipe(Effect.provide(Reactivity.layer))

/**
 * What stands for all that the migration does to a database: the migrations, the roles and the logins. Another one means
 * that the database has to be migrated again.
 */
export const migrationsHash: Effect.Effect<string> = hashOf([
  ...Object.entries(readModelMigrations),
  ["roles", grantRoles],
  ["logins", makeLogins]
])
