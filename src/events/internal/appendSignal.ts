import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

/** Tells whoever follows the log in this process that something was appended here. */
export interface AppendSignal {
  readonly appended: Effect.Effect<void>
  /** Returns at once if something was appended since the last call ended. */
  readonly awaitAppend: (atMost: Duration.Input) => Effect.Effect<void>
}

/** A signal for one follower: several would take it from each other, and then wait for `atMost` now and then. */
export const makeAppendSignal: Effect.Effect<AppendSignal> = Effect.map(Latch.make(), (latch) => ({
  appended: Effect.asVoid(latch.open),
  // Closed before the follower reads, so what is appended while it reads wakes it again.
  awaitAppend: (atMost) => latch.await.pipe(Effect.timeoutOption(atMost), Effect.andThen(latch.close), Effect.asVoid)
}))
