import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpServerError from "effect/http/HttpServerError"
import * as Predicate from "effect/Predicate"
import type * as Runtime from "effect/Runtime"
import { loggable, loggableCause } from "../../platform/loggable.ts"

const codeOf = (error: unknown): unknown => Predicate.hasProperty(error, "code") ? error.code : undefined

const listening: Readonly<Record<string, string>> = {
  EADDRINUSE: "The port is in use by another program. Set PORT to another one, or to 0 for any free one.",
  EACCES: "This user may not listen on that port. Set PORT to one above 1023.",
  EADDRNOTAVAIL: "This machine doesn't have that address. Set HOST to one that it has, or to 0.0.0.0 for all of them.",
  ENOTFOUND: "That host name can't be resolved. Set HOST to an address of this machine."
}

const sentence = (error: unknown): string => {
  if (error instanceof HttpServerError.ServeError) {
    const code = codeOf(error.cause)
    return (typeof code === "string" ? listening[code] : undefined) ??
      `The server can't listen: ${String(loggable(error.cause))}`
  }
  const safe = loggable(error)
  return safe instanceof Error && safe.message !== "" ? safe.message : String(safe)
}

/** Says in a sentence why the program ends, where it didn't end because it was told to. */
export const explain = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapCause(program, (cause) =>
    Cause.hasInterruptsOnly(cause)
      ? Effect.void
      : Console.error(
        cause.reasons.some(Cause.isDieReason) ? Cause.pretty(loggableCause(cause)) : sentence(Cause.squash(cause))
      ))

/** 0 for a program that was told to end and did; 1 for one that could not start or go on. */
export const exitCode: Runtime.Teardown = (exit, onExit) =>
  onExit(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)
