import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as CircuitBreaker from "effect/persistence/CircuitBreaker"

// Milliseconds since the process began to count, by a clock that nobody sets.
const steadyClock = (clock: Clock.Clock): Clock.Clock => {
  const millis = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    currentTimeNanos: clock.monotonicTimeNanos,
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration)
  }
}

/** What runs an effect unless its breaker is open. */
export interface SteadyBreaker {
  readonly execute: <A, E, R, R2 = never>(
    effect: Effect.Effect<A, E, R>,
    options: {
      readonly key: string
      readonly classify: (
        exit: Exit.Exit<A, E>
      ) => CircuitBreaker.Outcome | Effect.Effect<CircuitBreaker.Outcome, never, R2>
    }
  ) => Effect.Effect<A, E | CircuitBreaker.CircuitBreakerError, R | R2>
}

/**
 * A breaker that measures its pauses by monotonic time. By the clock on the wall, one that is open while that clock is set
 * back stays open for as long as it was set back. What the breaker guards goes by the clock that it had.
 */
export const onSteadyTime = (breaker: CircuitBreaker.CircuitBreaker): SteadyBreaker => ({
  execute: (effect, options) =>
    Clock.clockWith((clock) =>
      breaker.execute(Effect.provideService(effect, Clock.Clock, clock), options).pipe(
        Effect.provideService(Clock.Clock, steadyClock(clock))
      )
    )
})
