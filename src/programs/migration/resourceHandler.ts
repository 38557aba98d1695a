import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { loggable } from "../../platform/loggable.ts"
import { runInvocation } from "../lambda/runInvocation.ts"
import type { LambdaContext } from "../lambda/StreamEvent.ts"
import { within } from "../lambda/within.ts"
import { answer, type Outcome } from "./answer.ts"
import { addressOf, requestOf, type RequestRefused } from "./ResourceRequest.ts"

/** How long before its deadline an invocation stops, in milliseconds, to have time to say so. */
const margin = 20_000

// An error, and those that it comes from: the last one is the server's own, often. One may come from itself.
const originsOf = (error: unknown): ReadonlySet<unknown> => {
  const origins = new Set<unknown>()
  let origin = error
  while (origin !== undefined && !origins.has(origin)) {
    origins.add(origin)
    origin = origin instanceof Error ? origin.cause : undefined
  }
  return origins
}

const reasonOf = (cause: Cause.Cause<unknown>): string => {
  const said = Array.from(
    originsOf(loggable(Cause.squash(cause))),
    (origin) => origin instanceof Error ? origin.message : String(origin)
  )
  return Array.from(new Set(said)).join(": ")
}

export interface ResourceWork<E> {
  /** Makes or changes the resource, for its hash. What the error's message says is shown to whoever deploys. */
  readonly provide: (migrationsHash: string) => Effect.Effect<void, E>
  /** How the log is written. */
  readonly logging: Layer.Layer<never>
}

/**
 * The handler of a Lambda that is a CloudFormation custom resource. Whatever happens, CloudFormation is told: that it was
 * done, that it failed and why, or, before the time of the invocation is up, that it takes too long. To delete it does
 * nothing. It fails itself only when there is nobody to tell, or no way: then Lambda tries again.
 */
export const resourceHandler = <E>({ logging, provide }: ResourceWork<E>) => {
  const handle = Effect.fnUntraced(function*(event: unknown, context: LambdaContext) {
    const address = yield* addressOf(event)
    const working: Effect.Effect<Outcome, E | RequestRefused> = Effect.gen(function*() {
      const request = yield* requestOf(event)
      if (request.RequestType === "Delete") return { Status: "SUCCESS" }
      const { MigrationsHash } = request.ResourceProperties
      yield* provide(MigrationsHash)
      return { Status: "SUCCESS", Data: { MigrationsHash } }
    })
    const remaining = context.getRemainingTimeInMillis()
    const ended = yield* within(working, Math.max(0, remaining - Math.min(margin, remaining / 2)))
    const outcome: Outcome = Option.match(ended, {
      onNone: () => ({
        Status: "FAILED",
        Reason: "The time of this invocation was up before all was done. It may be done again."
      }),
      onSome: Exit.match({
        onSuccess: (outcome) => outcome,
        onFailure: (cause): Outcome => ({ Status: "FAILED", Reason: reasonOf(cause) })
      })
    })
    if (outcome.Status === "FAILED") {
      const causes = Option.toArray(ended).flatMap((exit) => Exit.isFailure(exit) ? [exit.cause] : [])
      yield* Effect.logError(outcome.Reason, ...causes)
    }
    yield* answer(address, outcome)
  })

  return (event: unknown, context: LambdaContext): Promise<void> =>
    runInvocation(handle(event, context), context, logging)
}
