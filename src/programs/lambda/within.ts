import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"

/**
 * How an effect ended, or none if it takes longer than it may. It is interrupted then, but nobody waits for that: what
 * hangs on a dead connection can take its time to clean up, and a Lambda has none.
 */
export const within = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>, limit: Duration.Input) {
  const fiber = yield* Effect.forkDetach(effect)
  const exit: Option.Option<Exit.Exit<A, E>> = yield* Effect.timeoutOption(Fiber.await(fiber), limit)
  if (Option.isNone(exit)) yield* Effect.forkDetach(Fiber.interrupt(fiber))
  return exit
})
