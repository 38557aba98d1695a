import { Clock, Context, Data, Duration, Effect, Exit, Scheduler, type Scope } from "effect"
import { setImmediate } from "node:timers"
import { SimulatedClock } from "./SimulatedClock.ts"
import { SimulatedScheduler } from "./SimulatedScheduler.ts"

/** Why a simulation can't go on. It is the simulation's own failure, not one of what is simulated. */
export class SimulationStuck extends Data.TaggedError("SimulationStuck")<{ readonly message: string }> {}

export interface SimulationLimits {
  /** True time at the beginning, in milliseconds since 1970. The beginning of 2026, if left out. */
  readonly start?: number
  /** How much time may pass in it. 400 days, if left out. */
  readonly duration?: Duration.Input
  /** How many steps fibers may take while no time passes. A million, if left out. */
  readonly steps?: number
}

/**
 * Lets fibers get on until they all wait; what they wait for may be a native promise, so all of those that can be settled are
 * given the time to. Only then does the clock go on to the next sleeper.
 */
const drive = (
  { clock, scheduler }: { readonly clock: SimulatedClock; readonly scheduler: SimulatedScheduler },
  isDone: () => boolean,
  limits: { readonly until: number; readonly steps: number },
  end: (stuck: SimulationStuck | null) => void
): void => {
  const stuckAt = (reason: string) => {
    const at = new Date(clock.currentTimeMillisUnsafe()).toISOString()
    return new SimulationStuck({ message: `the simulation is stuck at ${at}: ${reason}` })
  }
  let steps = 0
  const runAll = () => {
    while (!scheduler.isIdle && !isDone() && steps < limits.steps) {
      steps++
      scheduler.runOne()
    }
  }
  // Wakes all who sleep until the same time, one after the other: each gets as far as it can before the next.
  const wakeNext = (next: number) => {
    steps = 0
    while (clock.next === next && !isDone() && steps < limits.steps) {
      clock.wakeNext()
      runAll()
    }
  }
  const go = (): void => {
    runAll()
    if (isDone()) return end(null)
    if (steps >= limits.steps) return end(stuckAt(`fibers took ${steps} steps and no time passed`))
    // Promises come before it, with all that follows from them. What they resume stands in the queue then.
    setImmediate(() => {
      if (isDone()) return end(null)
      if (!scheduler.isIdle) return go()
      const { next } = clock
      if (next === null) return end(stuckAt("nobody sleeps, and what is waited for can't come"))
      if (next > limits.until) return end(stuckAt("too much time has passed"))
      wakeNext(next)
      go()
    })
  }
  go()
}

/**
 * Runs an effect in simulated time: its clock stands still while anybody has something to do, and goes on to the next sleeper
 * when everybody waits. No timer, nor how fast the machine is, decides anything. What is still under way when the effect
 * ends stays where it is. Dies with `SimulationStuck` where nothing can go on.
 */
export const runSimulated = <A, E>(
  effect: Effect.Effect<A, E, Scope.Scope>,
  { duration = "400 days", start = Date.UTC(2026, 0, 1), steps = 1_000_000 }: SimulationLimits = {}
): Promise<Exit.Exit<A, E>> =>
  new Promise((resolve) => {
    const clock = new SimulatedClock(start)
    const scheduler = new SimulatedScheduler()
    const services = Context.make(Clock.Clock, clock).pipe(Context.add(Scheduler.Scheduler, scheduler))
    const fiber = Effect.runForkWith(services)(Effect.scoped(effect))
    const until = start + Duration.toMillis(Duration.fromInputUnsafe(duration))
    drive({ clock, scheduler }, () => fiber.pollUnsafe() !== undefined, { until, steps }, (stuck) => {
      resolve(stuck === null ? fiber.pollUnsafe() ?? Exit.die("it has ended") : Exit.die(stuck))
    })
  })
