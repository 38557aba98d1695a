import { Schema } from "effect"

/** What several rounds gave: their median, and how far they lay apart. */
export const Spread = Schema.Struct({ median: Schema.Finite, min: Schema.Finite, max: Schema.Finite })
export type Spread = typeof Spread.Type

/** The middle value, or the mean of the two in the middle. NaN if there are none. */
export const medianOf = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}

export const spreadOf = (values: ReadonlyArray<number>): Spread => ({
  median: medianOf(values),
  min: Math.min(...values),
  max: Math.max(...values)
})
