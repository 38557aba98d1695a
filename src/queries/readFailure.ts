import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { SqlError } from "effect/sql/SqlError"
import { sqlState } from "../platform/sqlState.ts"
import { ReadModelUnavailable } from "./ReadModel.ts"

// What the server says of a statement that is wrong, or of a value that doesn't fit it, will be the same at every try:
// classes 22, 23 and 42 of https://www.postgresql.org/docs/current/errcodes-appendix.html. The driver refuses a value
// without a code.
const isOurFault = (error: SqlError): boolean =>
  Option.exists(sqlState(error), (state) => /^(?:22|23|42)/.test(state)) ||
  Predicate.isTagged(error.reason.cause, "PgTypesCodecError")

/** Whatever keeps the server from answering is `ReadModelUnavailable`; a wrong statement is a defect. */
export const readFailure = (error: SqlError): Effect.Effect<never, ReadModelUnavailable> =>
  isOurFault(error) ? Effect.die(error) : Effect.fail(new ReadModelUnavailable({ cause: error }))
