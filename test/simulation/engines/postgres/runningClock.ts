import { Clock, type Duration, Effect, Layer } from "effect"
import { setImmediate } from "node:timers"
import { SimulatedClock } from "../../kernel/SimulatedClock.ts"

/**
 * Simulated time for suites that don't know of it: it goes on to the next sleeper by itself whenever nobody has anything to
 * do at once.
 */
export const runningClock: Layer.Layer<never> = Layer.effectContext(Effect.sync(() => {
  const clock = new SimulatedClock(0)
  let isRunning = false
  const run = (): void => {
    setImmediate(() => {
      clock.wakeNext()
      isRunning = clock.next !== null
      if (isRunning) run()
    })
  }
  const sleep = (duration: Duration.Duration): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (!isRunning) {
        isRunning = true
        run()
      }
      return clock.sleep(duration)
    })
  return Clock.Clock.context(Clock.Clock.of({ ...clock, sleep }))
}))
