import { Clock, Context, type Duration, Effect, Layer } from "effect"

/** The clock of one process: it sleeps as long as true time says, and tells a time that is off. */
export class SkewedClock implements Clock.Clock {
  /** How many milliseconds it is ahead. May change at any time, so the time that it tells may jump back. */
  skew = 0
  readonly #truth: Clock.Clock

  constructor(truth: Clock.Clock) {
    this.#truth = truth
  }

  readonly currentTimeMillisUnsafe = (): number => this.#truth.currentTimeMillisUnsafe() + this.skew
  readonly currentTimeNanosUnsafe = (): bigint =>
    this.#truth.currentTimeNanosUnsafe() + BigInt(Math.round(this.skew * 1_000_000))
  readonly monotonicTimeNanosUnsafe = (): bigint => this.#truth.monotonicTimeNanosUnsafe()
  readonly currentTimeMillis = Effect.sync(this.currentTimeMillisUnsafe)
  readonly currentTimeNanos = Effect.sync(this.currentTimeNanosUnsafe)
  readonly monotonicTimeNanos = Effect.sync(this.monotonicTimeNanosUnsafe)
  readonly sleep = (duration: Duration.Duration): Effect.Effect<void> => this.#truth.sleep(duration)

  /** For everything in a process. */
  readonly layer: Layer.Layer<never> = Layer.succeedContext(Context.make(Clock.Clock, this))
}

/** A clock beside the true one. */
export const makeSkewedClock: Effect.Effect<SkewedClock> = Clock.clockWith((truth) =>
  Effect.succeed(new SkewedClock(truth))
)
