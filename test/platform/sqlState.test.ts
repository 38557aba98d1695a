import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { sqlState } from "../../src/platform/sqlState.ts"
import { describeEngines } from "../engines/databases.ts"

/** A statement that fails, the SQLSTATE that it fails with, and the reason that the client sorts it under. */
const failures = [
  { statement: "SELECT 'x'::int4", state: "22P02", reason: "UnknownError" },
  { statement: "SELECT 1/0", state: "22012", reason: "UnknownError" },
  { statement: "INSERT INTO numbers VALUES (1), (1)", state: "23505", reason: "UniqueViolation" },
  { statement: "INSERT INTO numbers VALUES (NULL)", state: "23502", reason: "ConstraintError" },
  { statement: "SELECT * FROM nowhere", state: "42P01", reason: "SqlSyntaxError" },
  ...[
    { state: "08006", reason: "ConnectionError" },
    { state: "25P02", reason: "UnknownError" },
    { state: "40001", reason: "SerializationError" },
    { state: "40P01", reason: "DeadlockError" },
    { state: "42501", reason: "AuthorizationError" },
    { state: "53100", reason: "UnknownError" },
    { state: "53300", reason: "UnknownError" },
    { state: "55P03", reason: "LockTimeoutError" },
    { state: "57014", reason: "StatementTimeoutError" },
    { state: "57P01", reason: "UnknownError" }
  ].map(({ state, reason }) => ({
    statement: `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`,
    state,
    reason
  }))
]

describeEngines("The SQLSTATE of an error", (engine) => {
  it.layer(engine.database({ maxConnections: 1 }))((it) => {
    it.effect("is the one that the server answered with, whatever reason the client sorts it under", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE numbers (n int4 PRIMARY KEY)`
        for (const { statement, state, reason } of failures) {
          const error = yield* Effect.flip(sql.unsafe(statement))
          assert.deepStrictEqual([sqlState(error), error.reason._tag], [Option.some(state), reason], statement)
        }
      }))

    it.effect("leaves the connection usable, and is that of the statement inside a transaction", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const error = yield* Effect.flip(sql.withTransaction(Effect.andThen(sql`SELECT 1`, sql`SELECT 1/0`)))
        assert.deepStrictEqual(sqlState(error), Option.some("22012"))
        assert.deepStrictEqual(yield* sql`SELECT 1 AS one`, [{ one: 1 }])
      }))

    it.effect("is absent when a value could not be encoded or decoded", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const encoding = yield* Effect.flip(sql`SELECT ${[null, null]}::text[]`)
        const decoding = yield* Effect.flip(sql`SELECT 9223372036854775807`)
        assert.deepStrictEqual([sqlState(encoding), sqlState(decoding)], [Option.none(), Option.none()])
      }))

    it.effect("is absent when COMMIT finds a transaction that has failed", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const error = yield* Effect.flip(sql.withTransaction(Effect.ignore(sql`SELECT 1/0`)))
        assert.deepStrictEqual(sqlState(error), Option.none())
      }))
  })
})

describe("The SQLSTATE of an error of the connection", () => {
  it("is absent, though the socket's own code may look like one", () => {
    const cause = Object.assign(new Error("write EPIPE"), { code: "EPIPE" })
    const error = new SqlError.SqlError({ reason: new SqlError.ConnectionError({ cause }) })
    assert.deepStrictEqual(sqlState(error), Option.none())
  })
})
