import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { Readiness } from "../../api/handlers/operations.ts"

/** The standalone program can't do without its database, and needs nothing else. */
export const readiness = Layer.effect(
  Readiness,
  Effect.map(SqlClient.SqlClient, (sql) => Readiness.of({ checks: { postgres: Effect.isSuccess(sql`SELECT 1`) } }))
)
