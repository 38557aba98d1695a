import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** The table in which the inbox's migrations are remembered. */
export const inboxMigrationsTable = "command_inbox_migrations"

/** The inbox: one row for each accepted command. It lies beside the log, for both change in one transaction. */
const inbox = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    CREATE TABLE command_inbox (
      id uuid PRIMARY KEY,
      accepted_at bigint NOT NULL,
      status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'rejected', 'failed')),
      request jsonb NOT NULL,
      outcome jsonb,
      expires_at timestamptz NOT NULL,
      CHECK ((status = 'pending') = (outcome IS NULL))
    )`
  // As small as what is pending, for the sweeper; and for forgetting what is old.
  yield* sql`CREATE INDEX command_inbox_pending ON command_inbox (accepted_at) WHERE status = 'pending'`
  yield* sql`CREATE INDEX command_inbox_expiry ON command_inbox (expires_at)`
})

/** The inbox's migrations, in the order of their ids. */
export const inboxMigrations = {
  "0001_command_inbox": inbox
}
