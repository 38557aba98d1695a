import { Clock, Effect } from "effect"

/** One fault: from when to when it lasted, in milliseconds. */
export interface Strike {
  readonly begun: number
  readonly ended: number
  /** From when on it counts how long users have to do with it. */
  readonly recoveryFrom: "beginning" | "end"
}

/** Does something, and tells when it began and ended. */
export const timed = Effect.fnUntraced(
  function*<E, R>(recoveryFrom: Strike["recoveryFrom"], fault: Effect.Effect<unknown, E, R>) {
    const begun = yield* Clock.currentTimeMillis
    yield* fault
    const strike: Strike = { begun, ended: yield* Clock.currentTimeMillis, recoveryFrom }
    return strike
  }
)
