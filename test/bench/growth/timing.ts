import { Effect } from "effect"
import { medianOf } from "../measure/spread.ts"
import type { GrowthScale } from "./GrowthJob.ts"

const medianTime = Effect.fnUntraced(function*<E, R>(operations: number, operation: Effect.Effect<unknown, E, R>) {
  const times: Array<number> = []
  while (times.length < operations) {
    const begun = performance.now()
    yield* operation
    times.push((performance.now() - begun) * 1000)
  }
  return medianOf(times)
})

/** Something that is measured at a point of a curve, again and again. */
export interface Timed<E, R> {
  readonly x: number
  readonly operation: Effect.Effect<unknown, E, R>
}

/**
 * How long one operation takes at each point, in µs: the median of so many, one after the other, for each round. The points
 * take turns, so that whatever disturbs a round disturbs all of them.
 */
export const timedPoints = Effect.fnUntraced(function*<E, R>(
  { operations, rounds }: GrowthScale,
  timed: ReadonlyArray<Timed<E, R>>
) {
  const points = timed.map(({ operation, x }) => ({ x, operation, values: new Array<number>() }))
  // What is compiled late doesn't belong to the point that comes first.
  for (const { operation } of points) yield* medianTime(operations, operation)
  for (let round = 0; round < rounds; round++) {
    for (const { operation, values } of points) values.push(yield* medianTime(operations, operation))
  }
  return points.map(({ values, x }) => ({ x, values }))
})

/** The same at one point alone, where the points can't take turns. Each operation is told its number. */
export const timedRounds = Effect.fnUntraced(function*<E, R>(
  scale: GrowthScale,
  operation: (number: number) => Effect.Effect<unknown, E, R>
) {
  let number = 0
  const [point] = yield* timedPoints(scale, [{ x: 0, operation: Effect.suspend(() => operation(number++)) }])
  return point?.values ?? []
})

/** How long something takes, in s. */
export const secondsOf = Effect.fnUntraced(function*<A, E, R>(work: Effect.Effect<A, E, R>) {
  const begun = performance.now()
  yield* work
  return (performance.now() - begun) / 1000
})
