import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { DynamoError } from "../../platform/DynamoError.ts"
import { EventStoreUnavailable } from "../EventStore.ts"
import { inTime, type Operation } from "./inTime.ts"

/**
 * Why an operation of the store failed. Only an append's outcome can be unknown, for the others change nothing. A table
 * that isn't there and a role that may not use it make the store unavailable: somebody else can mend that while the
 * program runs. What DynamoDB doesn't understand is the program's mistake: a defect.
 */
const unavailable = (operation: Operation) => (error: DynamoError): Effect.Effect<never, EventStoreUnavailable> =>
  error.fault === "mistake"
    ? Effect.die(error)
    : Effect.fail(
      new EventStoreUnavailable({
        operation,
        outcome: operation === "append" && error.fault === "unknown" ? "unknown" : "nothing",
        cause: error
      })
    )

const isDynamoError = (error: unknown): error is DynamoError => error instanceof DynamoError

/** Requests, with the tries and pauses of each, that fail as the store does and take no longer than a limit. */
export const asStoreOperation =
  (operation: Operation, timeLimit: Duration.Input) =>
  <A, E, R>(request: Effect.Effect<A, E | DynamoError, R>): Effect.Effect<
    A,
    Exclude<E, DynamoError> | EventStoreUnavailable,
    R
  > =>
    request.pipe(
      Effect.catchIf(isDynamoError, unavailable(operation)),
      inTime(operation, timeLimit)
    )
