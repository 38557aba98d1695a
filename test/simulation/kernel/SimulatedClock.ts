import { type Clock, Duration, Effect } from "effect"

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

const nanos = (milliseconds: number): bigint => BigInt(Math.round(milliseconds * 1_000_000))

/** A clock that stands still until it is set forward, to where the next sleeper is to be woken. */
export class SimulatedClock implements Clock.Clock {
  readonly #start: number
  /** The next one last; of those that wake at the same time, the first one that went to sleep. */
  readonly #sleepers: Array<Sleeper> = []
  #now: number

  /** `start` is in milliseconds since 1970. */
  constructor(start: number) {
    this.#start = start
    this.#now = start
  }

  /** How many sleep. */
  get sleepers(): number {
    return this.#sleepers.length
  }

  /** When the next sleeper is to be woken; null if nobody sleeps. */
  get next(): number | null {
    return this.#sleepers.at(-1)?.until ?? null
  }

  /** Wakes the next sleeper, at its time. */
  wakeNext(): void {
    const sleeper = this.#sleepers.pop()
    if (sleeper === undefined) return
    this.#now = sleeper.until
    sleeper.wake()
  }

  readonly currentTimeMillisUnsafe = (): number => this.#now
  readonly currentTimeNanosUnsafe = (): bigint => nanos(this.#now)
  readonly monotonicTimeNanosUnsafe = (): bigint => nanos(this.#now - this.#start)
  readonly currentTimeMillis = Effect.sync(this.currentTimeMillisUnsafe)
  readonly currentTimeNanos = Effect.sync(this.currentTimeNanosUnsafe)
  readonly monotonicTimeNanos = Effect.sync(this.monotonicTimeNanosUnsafe)

  readonly sleep = (duration: Duration.Duration): Effect.Effect<void> => {
    const milliseconds = Duration.toMillis(duration)
    if (milliseconds <= 0) return Effect.yieldNow
    if (!Number.isFinite(milliseconds)) return Effect.never
    return Effect.callback((resume) => {
      const sleeper = { until: this.#now + milliseconds, wake: () => resume(Effect.void) }
      this.#insert(sleeper)
      return Effect.sync(() => {
        const index = this.#sleepers.indexOf(sleeper)
        if (index !== -1) this.#sleepers.splice(index, 1)
      })
    })
  }

  #insert(sleeper: Sleeper): void {
    let low = 0
    let high = this.#sleepers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sleepers[middle]?.until ?? 0) > sleeper.until) low = middle + 1
      else high = middle
    }
    this.#sleepers.splice(low, 0, sleeper)
  }
}
