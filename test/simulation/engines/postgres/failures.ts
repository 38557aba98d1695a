import { Data } from "effect"
import {
  ConnectionError,
  ConstraintError,
  DeadlockError,
  SerializationError,
  SqlError,
  SqlSyntaxError,
  StatementTimeoutError,
  UniqueViolation,
  UnknownError
} from "effect/sql/SqlError"

/** What the server says of a statement that it refuses; `constraint` and `column` where it names them. */
export class Refusal extends Data.TaggedError("Refusal")<{
  readonly code: string
  readonly message: string
  readonly constraint?: string
  readonly column?: string
}> {}

/** As the driver gives it: the fields of the server's answer stand on the cause. */
export const serverError = ({ code, column, constraint, message }: Refusal): SqlError => {
  const severity = code.startsWith("57P") ? "FATAL" : "ERROR"
  const fields = {
    severity,
    code,
    ...(constraint === undefined ? {} : { constraint }),
    ...(column === undefined ? {} : { column })
  }
  const props = {
    cause: Object.assign(new Error(message), fields),
    message: "PgConnection: Query failed",
    operation: "query"
  }
  if (code === "23505") {
    return new SqlError({ reason: new UniqueViolation({ ...props, constraint: constraint ?? "unknown" }) })
  }
  if (code === "40P01") return new SqlError({ reason: new DeadlockError(props) })
  if (code === "40001") return new SqlError({ reason: new SerializationError(props) })
  if (code === "57014") return new SqlError({ reason: new StatementTimeoutError(props) })
  if (code.startsWith("23")) return new SqlError({ reason: new ConstraintError(props) })
  if (code.startsWith("42")) return new SqlError({ reason: new SqlSyntaxError(props) })
  return new SqlError({ reason: new UnknownError(props) })
}

/** The connection is gone, and with it what was asked on it. */
export const connectionLost = (): SqlError =>
  new SqlError({
    reason: new ConnectionError({
      cause: new Error("Connection closed unexpectedly"),
      message: "PgConnection: Connection closed unexpectedly",
      operation: "query"
    })
  })

/** What the driver refuses to send: a value that has no place in its column's type. */
export const encodingFailed = (cause: unknown): SqlError =>
  new SqlError({
    reason: new UnknownError({ cause, message: "PgConnection: Failed to encode query", operation: "query" })
  })

/** What the driver makes of a COMMIT that is answered with ROLLBACK. */
export const commitRolledBack = (): SqlError =>
  new SqlError({
    reason: new UnknownError({
      cause: new Error("COMMIT rolled back an aborted transaction"),
      message: "PgClient: COMMIT rolled back an aborted transaction",
      operation: "commit"
    })
  })
