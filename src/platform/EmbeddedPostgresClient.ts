import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as SqlClient from "effect/sql/SqlClient"
import type * as SqlError from "effect/sql/SqlError"
import { EmbeddedPostgres, type EmbeddedPostgresError } from "./EmbeddedPostgres.ts"
import { makeClient } from "./Postgres.ts"

/**
 * The client of a real server on a database inside this process: PGlite under `directory`, or one that is gone with the
 * scope if `directory` is `"memory"`.
 *
 * There is one connection: transactions run one after the other, and so do queries. PGlite knows neither time-outs nor
 * cancellation, so an interrupted query still runs to its end (its caller waits for it, for 5 seconds at most).
 *
 * `EmbeddedPostgres` comes along, because whoever uses this must watch `died` and end the program when it fails.
 */
export const layer = (options: {
  readonly directory: string
}): Layer.Layer<
  PgClient.PgClient | SqlClient.SqlClient | EmbeddedPostgres,
  EmbeddedPostgresError | SqlError.SqlError
> =>
  PgClient.layerFrom(
    Effect.flatMap(EmbeddedPostgres, (embedded) => makeClient({ ...embedded.settings, maxConnections: 1 }))
  ).pipe(Layer.provideMerge(EmbeddedPostgres.layer(options)))
