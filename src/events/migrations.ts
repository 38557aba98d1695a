import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** The table in which the event log's migrations are remembered. */
export const eventLogMigrationsTable = "event_log_migrations"

/** The log: one row for each commit. Rows are added, and never changed. */
const log = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  // What appends run into is the primary key: there is one commit for each place in a stream. The order in which the log
  // is followed is (transaction_id, position), for a sequence's numbers by themselves become visible out of order.
  yield* sql`
    CREATE TABLE commits (
      stream uuid NOT NULL,
      version integer NOT NULL CHECK (version >= 1),
      last_version integer NOT NULL CHECK (last_version >= version),
      commit_id uuid NOT NULL,
      transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
      position bigint GENERATED ALWAYS AS IDENTITY,
      events jsonb NOT NULL CHECK (jsonb_typeof(events) = 'array'),
      snapshot jsonb,
      stored_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (stream, version)
    )`
  yield* sql`CREATE INDEX commits_in_order ON commits (transaction_id, position)`
})

/** The event log's migrations, in the order of their ids. */
export const eventLogMigrations = {
  "0001_commits": log
}
