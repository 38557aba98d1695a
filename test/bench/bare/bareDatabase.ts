import { Effect, ManagedRuntime } from "effect"
import { SqlClient } from "effect/sql"
import { join } from "node:path"
import { eventLogMigrations, eventLogMigrationsTable } from "../../../src/events/migrations.ts"
import * as EmbeddedPostgresClient from "../../../src/platform/EmbeddedPostgresClient.ts"
import { migrate } from "../../../src/platform/migrate.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"

/** A database as the standalone program has it: the same engine, client and tables, under a folder. */
export interface BareDatabase {
  readonly sql: SqlClient.SqlClient
  /** Runs what a client gives; rejects if it fails. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
}

const prepared = Effect.gen(function*() {
  yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
  yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
  return yield* SqlClient.SqlClient
})

/** Opens an empty database; it ends with the process. */
export const openBareDatabase = async (folder: string): Promise<BareDatabase> => {
  const runtime = ManagedRuntime.make(EmbeddedPostgresClient.layer({ directory: join(folder, "postgres") }))
  const sql = await runtime.runPromise(prepared)
  const run = Effect.runPromiseWith(await runtime.context())
  return { sql, run }
}
