import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { makeContainer } from "./Container.ts"
import { runInvocation } from "./runInvocation.ts"
import type { BatchResponse, LambdaContext } from "./StreamEvent.ts"
import { again, placedRecords } from "./StreamEvent.ts"
import { within } from "./within.ts"

/** How long before its deadline an invocation stops, in milliseconds, to have time to answer. */
const margin = 2000

export interface StreamWork<R, E, WorkError, AliveError> {
  /** What the work needs; made by the first invocation, and kept for the next ones. */
  readonly layer: Layer.Layer<R, E>
  /** Succeeds if the services, kept from an earlier invocation, can still be used. */
  readonly isAlive: Effect.Effect<unknown, AliveError, R>
  /** Processes some records of a shard. Those before them have been processed. If it fails, they come again. */
  readonly process: (records: ReadonlyArray<unknown>) => Effect.Effect<void, WorkError, R>
  /** How many records are processed at once. */
  readonly atOnce: number
  /** How the log is written. */
  readonly logging: Layer.Layer<never>
}

/**
 * The handler of a Lambda that takes the records of a table's stream, batch by batch. It answers with the first record
 * that it didn't get to, because something failed or because its time was up: that and what is behind it comes again.
 * Never more than one batch at a time, which is how Lambda invokes a container.
 */
export const streamHandler = <R, E, WorkError, AliveError>(work: StreamWork<R, E, WorkError, AliveError>) => {
  const container = makeContainer(work.layer, work.isAlive)

  const handle = Effect.fnUntraced(function*(event: unknown, context: LambdaContext) {
    const records = yield* placedRecords(event)
    let left = records
    const working = Effect.gen(function*() {
      const services = yield* container.services
      while (left.length > 0) {
        const next = left.slice(0, work.atOnce).map(({ record }) => record)
        yield* Effect.provideContext(work.process(next), services)
        left = left.slice(work.atOnce)
      }
    })
    const remaining = context.getRemainingTimeInMillis()
    const ended = records.length === 0
      ? Option.some(Exit.void)
      : yield* within(working, Math.max(0, remaining - Math.min(margin, remaining / 2)))
    // What it was that failed can't be told for sure, so nothing is kept that may be the cause.
    if (!Option.exists(ended, Exit.isSuccess)) yield* container.drop
    const response = again(left)
    const [failure] = response.batchItemFailures
    if (failure !== undefined) {
      const said = { records: records.length, left: left.length, from: failure.itemIdentifier }
      yield* Option.match(ended, {
        onNone: () =>
          Effect.logWarning("The time of this invocation is up, and the rest of the batch has to come again"),
        onSome: (exit) =>
          Effect.logError(
            "The batch can't be processed at present, and has to come again",
            ...(Exit.isFailure(exit) ? [exit.cause] : [])
          )
      }).pipe(Effect.annotateLogs(said))
    }
    return response
  })

  return (event: unknown, context: LambdaContext): Promise<BatchResponse> =>
    runInvocation(handle(event, context), context, work.logging)
}
