import { Clock, Effect } from "effect"

/** One fault: from when to when it lasted, in milliseconds. */
export interface Strike {
  readonly begun: number
  readonly ended: number
  /** From when on it counts how long users have to do with it. */
  readonly recoveryFrom: "beginning" | "end"
}

/** Does something, and tells what it gave, and when it began and ended. */
export const timed = Effect.fnUntraced(
  function*<A, E, R>(recoveryFrom: Strike["recoveryFrom"], fault: Effect.Effect<A, E, R>) {
    const begun = yield* Clock.currentTimeMillis
    const given = yield* fault
    const strike: Strike = { begun, ended: yield* Clock.currentTimeMillis, recoveryFrom }
    return { given, strike }
  }
)
