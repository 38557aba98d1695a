import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Waits until a session of this database waits for a lock, and tells which one it is and what it was about to do. */
export const someoneWaits = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const [found] = yield* sql<{ readonly pid: number; readonly query: string }>`
    SELECT pid, query FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`.pipe(
    Effect.repeat({ until: (rows) => rows.length > 0 })
  )
  return found ?? (yield* Effect.die(new Error("nobody waits")))
})
