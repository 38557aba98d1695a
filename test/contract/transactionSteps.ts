import type { Vitest } from "@effect/vitest"
import { Data, Deferred, Effect, Fiber, Option } from "effect"
import { SqlClient } from "effect/sql"
import { sqlState } from "../../src/platform/sqlState.ts"
import type { PostgresControls } from "./PostgresControls.ts"

/** The tests of a contract register themselves with it. */
export type It = Vitest.MethodsNonLive<SqlClient.SqlClient | PostgresControls>

class RolledBack extends Data.TaggedError("RolledBack")<object> {}

/** A transaction that has done its work, and stays open until it is told how to end. */
export const opened = Effect.fnUntraced(function*<A, E, R>(work: Effect.Effect<A, E, R>) {
  const sql = yield* SqlClient.SqlClient
  const done = yield* Deferred.make<A>()
  const end = yield* Deferred.make<void, RolledBack>()
  const fiber = yield* Effect.forkChild(
    Effect.exit(sql.withTransaction(
      Effect.andThen(Effect.flatMap(work, (value) => Deferred.succeed(done, value)), Deferred.await(end))
    ))
  )
  const value = yield* Deferred.await(done)
  return {
    value,
    commit: Effect.andThen(Deferred.succeed(end, undefined), Fiber.join(fiber)),
    rollback: Effect.andThen(Deferred.fail(end, new RolledBack()), Fiber.join(fiber))
  }
})

/** Runs one statement. */
export const run = (statement: string) =>
  SqlClient.SqlClient.use((sql) => sql.unsafe<Record<string, unknown>>(statement))

/** The state with which a statement is refused, and the constraint that it names. */
export const refusal = (statement: string) =>
  Effect.map(Effect.flip(run(statement)), (error) => {
    const { cause } = error.reason
    const constraint = typeof cause === "object" && cause !== null && "constraint" in cause
      ? cause.constraint
      : undefined
    return [Option.getOrNull(sqlState(error)), ...(constraint === undefined ? [] : [constraint])]
  })
