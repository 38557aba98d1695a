import { Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"

/** Waits until so many sessions of this database wait for locks; who began to wait first comes first. */
export const sessionsThatWait = (count: number) =>
  SqlClient.SqlClient.use((sql) =>
    sql<{ readonly pid: number; readonly query: string }>`
      SELECT pid, query FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
      ORDER BY query_start`.pipe(
      Effect.repeat({ until: (rows) => rows.length >= count })
    )
  )

/** Waits until a session of this database waits for a lock, and tells which one it is and what it was about to do. */
export const someoneWaits = Effect.flatMap(
  sessionsThatWait(1),
  ([found]) => found === undefined ? Effect.die(new Error("nobody waits")) : Effect.succeed(found)
)

/** Runs a transaction up to a point, does something else while it is open, and then lets it commit. */
export const during = Effect.fnUntraced(function*<A, E, R, A2, E2, R2>(
  transaction: Effect.Effect<A, E, R>,
  meanwhile: Effect.Effect<A2, E2, R2>
) {
  const sql = yield* SqlClient.SqlClient
  const begun = yield* Deferred.make<void>()
  const end = yield* Deferred.make<void>()
  const fiber = yield* Effect.forkChild(
    sql.withTransaction(
      Effect.andThen(transaction, Deferred.succeed(begun, undefined)).pipe(Effect.andThen(Deferred.await(end)))
    )
  )
  yield* Deferred.await(begun)
  const result = yield* meanwhile
  yield* Deferred.succeed(end, undefined)
  yield* Fiber.join(fiber)
  return result
})
