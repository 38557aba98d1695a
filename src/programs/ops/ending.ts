import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Runtime from "effect/Runtime"
import { loggable, loggableCause } from "../../platform/loggable.ts"
import { Misused, NotAllWell } from "./failures.ts"

/** How a command ends: done; not done; called in a wrong way; done, and something needs an operator. */
export const exitCodes = { done: 0, failed: 1, misused: 2, notAllWell: 3 } as const

const codeOf = (cause: Cause.Cause<unknown>): number => {
  if (Cause.hasInterruptsOnly(cause)) return exitCodes.failed
  const error = Cause.squash(cause)
  if (CliError.isCliError(error) || error instanceof Misused) return exitCodes.misused
  return error instanceof NotAllWell ? exitCodes.notAllWell : exitCodes.failed
}

/** The exit code that an end gives. */
export const exitCode: Runtime.Teardown = (exit, onExit) =>
  onExit(Exit.isSuccess(exit) ? exitCodes.done : codeOf(exit.cause))

// What is logged is no ring.
const messagesOf = ({ cause, message }: Error): ReadonlyArray<string> => [
  message,
  ...(cause instanceof Error ? messagesOf(cause) : [])
]

const sentence = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  // The last cause is often the only one that says what to mend: that a right is missing, that there is no such table.
  const all = messagesOf(error)
  const told = all.filter((message, index) =>
    message !== "" && !all.slice(0, index).some((one) => one.includes(message))
  )
  return told.length === 0 ? error.name : told.join(": ")
}

/** Says in a sentence why a command failed. Whoever is shown how it is used has been told why already. */
export const explain = <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapCause(command, (cause) => {
    if (Cause.hasInterruptsOnly(cause)) return Effect.void
    if (cause.reasons.some(Cause.isDieReason)) return Console.error(Cause.pretty(loggableCause(cause)))
    const error = Cause.squash(cause)
    return CliError.isCliError(error) ? Effect.void : Console.error(sentence(loggable(error)))
  })
