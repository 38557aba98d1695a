import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"

/**
 * The fields of Postgres's ErrorResponse stand on the cause of an error that the server sent. A severity is always among
 * them, which tells its codes from those of Node's sockets: `EPIPE` would pass for an SQLSTATE.
 */
const ServerError = Schema.Struct({ severity: Schema.String, code: Schema.String })

const decode = Schema.decodeUnknownOption(ServerError)

/**
 * The SQLSTATE with which the server refused a statement, or none if the error isn't the server's.
 *
 * The first two characters are its class (PostgreSQL's documentation, appendix A). `@effect/sql-pg` sorts the states into
 * reasons of `SqlError`, and leaves most classes unsorted, so whoever must tell them apart needs the state:
 *
 * | SQLSTATE | reason |
 * | --- | --- |
 * | class 08, connection | `ConnectionError` |
 * | class 22, data | `UnknownError` |
 * | 23505 | `UniqueViolation`, with the constraint's name |
 * | others of class 23, integrity | `ConstraintError` |
 * | 25P03 and others of class 25, transaction state | `UnknownError` |
 * | class 28, authorization | `AuthenticationError` |
 * | 40001, 40P01 | `SerializationError`, `DeadlockError` |
 * | 42501, others of class 42 | `AuthorizationError`, `SqlSyntaxError` |
 * | class 53, resources | `UnknownError` |
 * | 55P03 | `LockTimeoutError` |
 * | 57014, others of class 57 (shutdown) | `StatementTimeoutError`, `UnknownError` |
 *
 * There is no state when the connection was lost, refused or timed out (`ConnectionError`), when a value could not be
 * encoded or decoded, and when COMMIT found its transaction aborted (`UnknownError`).
 */
export const sqlState = (error: SqlError): Option.Option<string> =>
  Option.map(decode(error.reason.cause), ({ code }) => code)
