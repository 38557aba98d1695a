import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"

/** Migrations by `<id>_<name>`, ids rising from 1. What one does is never changed once it has been released. */
export type Migrations = Readonly<Record<`${number}_${string}`, Effect.Effect<void, unknown, SqlClient.SqlClient>>>

/** What a run did. */
export interface Migrated {
  /** The migrations that it applied, in their order; none if the database was up to date. */
  readonly applied: ReadonlyArray<{ readonly id: number; readonly name: string }>
  /** The id of the last migration that the database now has; 0 for none at all. */
  readonly version: number
}

/** The database has migrations that this program doesn't know: a newer version of the program has been here. */
export class DatabaseTooNew extends Schema.TaggedError<DatabaseTooNew>()("DatabaseTooNew", {
  table: Schema.String,
  /** The id of the last migration that the database has. */
  found: Schema.Int,
  /** The id of the last migration that the program knows. */
  known: Schema.Int
}) {
  override get message(): string {
    return `The database has migration ${this.found} in ${this.table}, but this version of the program knows only ` +
      `those up to ${this.known}: start the newer version that migrated it.`
  }
}

const latestOf = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, table: string) {
  const found = yield* sql`SELECT 1 WHERE to_regclass(${`"${table}"`}) IS NOT NULL`
  if (found.length === 0) return 0
  const rows = yield* sql<{ readonly latest: number | null }>`SELECT max(migration_id) AS latest FROM ${sql(table)}`
  return rows[0]?.latest ?? 0
})

/**
 * Brings the database to the state that the program knows, and tells what that took. All of it is one transaction: a
 * failing migration leaves the database as it was.
 *
 * Effect's migrator locks its own table only once that table exists, and takes another run for a success. So the whole
 * run is under an advisory lock instead: programs started at the same time migrate one after the other, and each returns
 * only when the database is ready. A database that is newer than the program is refused, untouched.
 */
export const migrate = Effect.fn("migrate")(function*(options: {
  /** The table that remembers what has been applied. */
  readonly table: string
  readonly migrations: Migrations
}) {
  const { migrations, table } = options
  const sql = yield* SqlClient.SqlClient
  const loader = Migrator.fromRecord(migrations)
  const known = (yield* loader).reduce((latest, [id]) => Math.max(latest, id), 0)
  const migrated = yield* sql.withTransaction(Effect.gen(function*() {
    yield* sql`SELECT pg_advisory_xact_lock(hashtextextended(${table}, 0))`
    const found = yield* latestOf(sql, table)
    if (found > known) return yield* new DatabaseTooNew({ table, found, known })
    const applied = yield* Migrator.make({})({ loader, table })
    return { applied: applied.map(([id, name]) => ({ id, name })), version: known } satisfies Migrated
  }))
  if (migrated.applied.length > 0) {
    yield* Effect.logInfo("Migrated the database").pipe(
      Effect.annotateLogs({ table, applied: migrated.applied.map(({ id, name }) => `${id}_${name}`) })
    )
  }
  return migrated
})

/** What `migrate` would apply at present. Changes nothing. */
export const pendingMigrations = Effect.fn("pendingMigrations")(function*(options: {
  readonly table: string
  readonly migrations: Migrations
}) {
  const { migrations, table } = options
  const sql = yield* SqlClient.SqlClient
  const all = yield* Migrator.fromRecord(migrations)
  const known = all.reduce((latest, [id]) => Math.max(latest, id), 0)
  const found = yield* latestOf(sql, table)
  if (found > known) return yield* new DatabaseTooNew({ table, found, known })
  return all.filter(([id]) => id > found).map(([id, name]) => ({ id, name }))
})
