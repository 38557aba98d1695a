import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { sqlOutcome } from "../../platform/sqlOutcome.ts"
import { EventStoreUnavailable } from "../EventStore.ts"
import { inTime, type Operation } from "./inTime.ts"

/**
 * Why an operation of the store failed. Only an append's outcome can be unknown, for the others change nothing. What isn't
 * the fault of server or network (syntax, types, constraints) is the program's: a defect.
 */
const unavailable = (operation: Operation) => (error: SqlError): Effect.Effect<never, EventStoreUnavailable> =>
  Option.match(sqlOutcome(error), {
    onNone: () => Effect.die(error),
    onSome: (outcome) =>
      Effect.fail(
        new EventStoreUnavailable({ operation, outcome: operation === "append" ? outcome : "nothing", cause: error })
      )
  })

/**
 * A statement, or a transaction of some, that fails as the store does and takes no longer than a limit (and as long as the
 * client needs to take the statement back, 5 seconds at most).
 */
export const asStoreOperation = (operation: Operation, timeLimit: Duration.Input) =>
<A, E, R>(
  statement: Effect.Effect<A, E | SqlError, R>
): Effect.Effect<A, Exclude<E, SqlError> | EventStoreUnavailable, R> =>
  statement.pipe(
    Effect.catchIf(isSqlError, unavailable(operation)),
    inTime(operation, timeLimit)
  )
