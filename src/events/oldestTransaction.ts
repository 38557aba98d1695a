import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * For how long the oldest transaction on the server has been writing, in any of its databases, prepared ones included;
 * zero if none is. The tail of the log stands still behind it for as long, whatever is appended.
 *
 * Of other users' sessions a role without `pg_read_all_stats` sees nothing.
 */
export const oldestTransactionAge = Effect.gen(function*() {
  const sql = yield* SqlClient
  const [row] = yield* sql<{ readonly seconds: number }>`
    SELECT GREATEST(COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - began)), 0), 0)::float8 AS seconds
    FROM (
      SELECT xact_start AS began FROM pg_stat_activity WHERE backend_xid IS NOT NULL
      UNION ALL
      SELECT prepared FROM pg_prepared_xacts
    ) AS writing`
  return Duration.seconds(row?.seconds ?? 0)
})
