import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { isSqlError } from "effect/sql/SqlError"
import { sqlState } from "../platform/sqlState.ts"

/** Rows don't fit what is to be written to them. `reason` is short and holds nothing that a person wrote. */
export class Misfit extends Schema.TaggedError<Misfit>()("Misfit", { reason: Schema.String }) {}

/** What it means that something could not be written. */
export type Failure = Data.TaggedEnum<{
  /** What was to be written can't be, however often it is tried. `reason` holds nothing that a person wrote. */
  Poisoned: { readonly reason: string }
  /** Another transaction came in the way: the same again, at once, is likely to succeed. */
  Conflicted: { readonly cause: unknown }
  /** The database can't do it at present. */
  Unavailable: { readonly cause: unknown }
}>
export const Failure = Data.taggedEnum<Failure>()

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const poison = /^2[23]/
const conflicts: ReadonlySet<string> = new Set(["40001", "40P01"])

// What `@effect/sql-pg` says when a parameter can't be encoded; its other refusals are about what the server sent.
const encodingFailed = "PgConnection: Failed to encode query"

const fieldOf = (cause: unknown, field: string): string | undefined => {
  const value = Predicate.hasProperty(cause, field) ? cause[field] : undefined
  return typeof value === "string" ? value : undefined
}

const ofSqlError = (error: SqlError): Failure => {
  const { reason } = error
  const state = sqlState(error)
  if (Option.isNone(state)) {
    // The driver, and not the server, refuses a value that has no place in its column's type.
    return fieldOf(reason.cause, "_tag") === "PgTypesCodecError" && reason.message === encodingFailed
      ? Failure.Poisoned({ reason: "a value that its column's type can't hold" })
      : Failure.Unavailable({ cause: reason })
  }
  const code = state.value
  if (conflicts.has(code)) return Failure.Conflicted({ cause: reason })
  if (!poison.test(code)) return Failure.Unavailable({ cause: reason })
  // Not the server's message nor its details: they quote the row.
  const broken = fieldOf(reason.cause, "constraint") ?? fieldOf(reason.cause, "column")
  return Failure.Poisoned({ reason: `SQLSTATE ${code}${broken === undefined ? "" : ` (${broken})`}` })
}

const ofReason = (reason: Cause.Reason<Misfit | SqlError>): Failure | undefined => {
  if (Cause.isInterruptReason(reason)) return undefined
  const error = Cause.isFailReason(reason) ? reason.error : reason.defect
  // A connection that is lost in a transaction fails the statement, and lets the rollback die of the same.
  if (isSqlError(error)) return ofSqlError(error)
  if (error instanceof Misfit) return Failure.Poisoned({ reason: error.reason })
  return Failure.Poisoned({ reason: `defect ${error instanceof Error ? error.name : typeof error}` })
}

const gravity: Record<Failure["_tag"], number> = { Poisoned: 0, Conflicted: 1, Unavailable: 2 }

/**
 * Why a transaction, or a part of it, failed; the gravest of several reasons. Undefined if it was only interrupted.
 *
 * SQLSTATE class 22 (a value), class 23 (a constraint) and a defect are poison. So is nothing else: whatever else happens
 * is no fault of an event, and must not park it.
 */
export const failureOf = (cause: Cause.Cause<Misfit | SqlError>): Failure | undefined =>
  cause.reasons
    .map(ofReason)
    .filter((failure) => failure !== undefined)
    .reduce<Failure | undefined>(
      (gravest, failure) => gravest === undefined || gravity[failure._tag] > gravity[gravest._tag] ? failure : gravest,
      undefined
    )

/** The reason why something is poison; for `Effect.catchCauseFilter`. */
export const poisonIn = <E extends Misfit | SqlError>(cause: Cause.Cause<E>): Result.Result<string, Cause.Cause<E>> => {
  const failure = failureOf(cause)
  return failure?._tag === "Poisoned" ? Result.succeed(failure.reason) : Result.fail(cause)
}
