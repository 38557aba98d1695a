import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

/** Of some counters, by how much they have grown together since they were last asked; at first, since now. */
export const growthOf = (
  ...counters: ReadonlyArray<Metric.Counter<number>>
): Effect.Effect<Effect.Effect<number>> => {
  const sum = Effect.map(
    Effect.forEach(counters, (counter) => Metric.value(counter)),
    (states) => states.reduce((sum, { count }) => sum + count, 0)
  )
  return Effect.map(sum, (begin) => {
    let before = begin
    return Effect.map(sum, (now) => {
      const growth = now - before
      before = now
      return growth
    })
  })
}
