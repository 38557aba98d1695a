import { Effect } from "effect"
import { medianOf } from "../measure/spread.ts"
import type { GrowthScale } from "./GrowthJob.ts"

/** How long one operation takes, in µs: the median of so many, one after the other, for each round. */
export const timedRounds = Effect.fnUntraced(function*<E, R>(
  { operations, rounds }: GrowthScale,
  operation: (number: number) => Effect.Effect<unknown, E, R>
) {
  const values: Array<number> = []
  let number = 0
  // What is compiled late doesn't belong to the point that comes first.
  while (number < operations) yield* operation(number++)
  for (let round = 0; round < rounds; round++) {
    const times: Array<number> = []
    while (times.length < operations) {
      const begun = performance.now()
      yield* operation(number++)
      times.push((performance.now() - begun) * 1000)
    }
    values.push(medianOf(times))
  }
  return values
})

/** How long something takes, in s. */
export const secondsOf = Effect.fnUntraced(function*<A, E, R>(work: Effect.Effect<A, E, R>) {
  const begun = performance.now()
  yield* work
  return (performance.now() - begun) / 1000
})
