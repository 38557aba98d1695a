import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { EventStoreUnavailable } from "../EventStore.ts"

/** What a store is asked to do. */
export type Operation = EventStoreUnavailable["operation"]

/** An operation of a store that fails where it takes longer than a limit. What an append had done by then is unknown. */
export const inTime =
  (operation: Operation, timeLimit: Duration.Input) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | EventStoreUnavailable, R> =>
    Effect.timeoutOrElse(effect, {
      duration: timeLimit,
      orElse: () =>
        Effect.fail(
          new EventStoreUnavailable({
            operation,
            outcome: operation === "append" ? "unknown" : "nothing",
            cause: new Error(`no answer within ${Duration.format(Duration.fromInputUnsafe(timeLimit))}`)
          })
        )
    })
