import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"

/**
 * Measures once a minute, first after a minute, as long as the layer lives. What can't be measured at present is passed over:
 * that something is down is said elsewhere.
 */
export const everyMinute = <E, R>(measure: Effect.Effect<void, E, R>): Layer.Layer<never, never, R> =>
  measure.pipe(
    Effect.ignoreCause({ log: "Debug", message: "Something can't be measured at present" }),
    Effect.repeat(Schedule.spaced("1 minute")),
    Effect.delay("1 minute"),
    Effect.forkScoped,
    Layer.effectDiscard
  )

/** The same of what has grown since it was measured last: what is left is measured at the end. */
export const everyMinuteAndAtLast = (begin: Effect.Effect<Effect.Effect<void>>): Layer.Layer<never> =>
  Layer.unwrap(
    Effect.map(
      begin,
      (measure) => Layer.merge(everyMinute(measure), Layer.effectDiscard(Effect.addFinalizer(() => measure)))
    )
  )
