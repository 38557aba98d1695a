import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { sessionsThatWait } from "../support/lockWaits.ts"

/** A session that waits for a lock. */
export interface WaitingSession {
  /** The statement that waits. */
  readonly query: string
  /** Cuts its connection. */
  readonly cut: Effect.Effect<void, SqlError.SqlError>
}

/** What a test sees of the sessions of a server, and does to them. */
export class PostgresControls extends Context.Service<PostgresControls, {
  /** Waits until so many sessions wait for a lock; the one that began to wait first comes first. */
  waiting(count: number): Effect.Effect<ReadonlyArray<WaitingSession>, SqlError.SqlError>
  /** Cuts the connections of all sessions that hold an advisory lock. */
  readonly cutLeaders: Effect.Effect<void, SqlError.SqlError>
}>()("marginalia/test/contract/PostgresControls") {
  /** Of a real server. */
  static readonly layer: Layer.Layer<PostgresControls, never, SqlClient.SqlClient> = Layer.effect(
    this,
    Effect.map(SqlClient.SqlClient, (sql) =>
      PostgresControls.of({
        waiting: (count) =>
          sessionsThatWait(count).pipe(
            Effect.provideService(SqlClient.SqlClient, sql),
            Effect.map((rows) =>
              rows.map(({ pid, query }) => ({ query, cut: Effect.asVoid(sql`SELECT pg_terminate_backend(${pid})`) }))
            )
          ),
        cutLeaders: Effect.asVoid(sql`
          SELECT pg_terminate_backend(pid) FROM pg_locks
          WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
      }))
  )

  /** The session that waits, once one does. */
  static readonly someoneWaits = this.use(({ waiting }) =>
    Effect.flatMap(
      waiting(1),
      ([first]) => first === undefined ? Effect.die(new Error("nobody waits")) : Effect.succeed(first)
    )
  )
}
