import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as SqlClient from "effect/sql/SqlClient"

/** How often it is looked whether there is something to do. */
const interval = Duration.seconds(5)

/** How much of the write-ahead log may lie behind the last checkpoint, in bytes: what a start after a crash has to repeat. */
const checkpointEvery = 64 * 1024 * 1024

/** How many rows of a table may be dead, or changed since its statistics were made, before it is vacuumed. */
const vacuumEvery = 20_000

const walSinceCheckpoint = (sql: SqlClient.SqlClient) =>
  Effect.map(
    sql<{ readonly bytes: number }>`
      SELECT (pg_current_wal_insert_lsn() - redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()`,
    ([row]) => row?.bytes ?? 0
  )

const wornTables = (sql: SqlClient.SqlClient) =>
  sql<{ readonly name: string }>`
    SELECT relname AS name FROM pg_stat_user_tables
    WHERE n_dead_tup + n_mod_since_analyze > ${vacuumEvery} + n_live_tup / 5`

/** One look, and what it finds to do. */
export const maintain = Effect.fn("embeddedMaintenance.maintain")(function*() {
  const sql = yield* SqlClient.SqlClient
  // A session's counts are published a second late otherwise, and there is only this session.
  yield* sql`SELECT pg_stat_force_next_flush()`
  for (const { name } of yield* wornTables(sql)) yield* sql`VACUUM (ANALYZE) ${sql(name)}`
  if ((yield* walSinceCheckpoint(sql)) > checkpointEvery) yield* sql`CHECKPOINT`
})

/**
 * Does for the embedded database what a server's background processes do, for PGlite has none: checkpoints, without which
 * the write-ahead log grows for ever and a start after a crash takes ever longer, and vacuuming with statistics. Each takes
 * the database's one session for some milliseconds, and queries wait for it.
 */
export const layer: Layer.Layer<never, never, SqlClient.SqlClient> = Layer.effectDiscard(
  maintain().pipe(
    Effect.catchCause((cause) => Effect.logWarning("The embedded database could not be maintained", cause)),
    Effect.repeat(Schedule.spaced(interval)),
    Effect.forkScoped
  )
)
