import { Schema } from "effect"
import { medianOf } from "../measure/spread.ts"

/** What something costs as a number grows by factors of 10. */
export const GrowthCurve = Schema.Struct({
  /** Unique; of lower-case letters and hyphens. */
  name: Schema.String,
  title: Schema.String,
  /** What grows. */
  grows: Schema.String,
  unit: Schema.String,
  better: Schema.Literals(["lower", "higher"]),
  points: Schema.Array(Schema.Struct({
    x: Schema.Finite,
    /** One for each round. */
    values: Schema.Array(Schema.Finite)
  })),
  /** What keeps it flat, where it is: an index, a snapshot, a limit. */
  flatBecause: Schema.String,
  /** What makes it other than flat, where it isn't and that is known. */
  notFlatBecause: Schema.NullOr(Schema.String)
})
export type GrowthCurve = typeof GrowthCurve.Type

/** How much worse any point may be than the first for a curve to be called flat. Noise on a small machine is below. */
export const flatUpTo = 1.5

type Point = GrowthCurve["points"][number]

const timesWorse = ({ better, points }: GrowthCurve, point: Point): number => {
  const first = medianOf(points[0]?.values ?? [])
  const value = medianOf(point.values)
  return better === "lower" ? value / first : first / value
}

/** The point that is the worst of those after the first, wherever it lies; undefined if there is nothing to compare. */
export const worstOf = (curve: GrowthCurve): { readonly point: Point; readonly times: number } | undefined =>
  curve.points.slice(1)
    .map((point) => ({ point, times: timesWorse(curve, point) }))
    .toSorted((one, other) => other.times - one.times)[0]

/** How many times worse the worst point is than the first; below 1, all are better. NaN if there is nothing to compare. */
export const growthOf = (curve: GrowthCurve): number => worstOf(curve)?.times ?? Number.NaN

/** Whether no point is much worse than the first. */
export const isFlat = (curve: GrowthCurve): boolean => growthOf(curve) <= flatUpTo

const amount = (value: number): string => value.toLocaleString("en-US", { maximumSignificantDigits: 3 })

/** Whether the curve is flat, in a sentence with its numbers, and why it is or isn't. */
export const verdictOf = (curve: GrowthCurve): string => {
  const { flatBecause, grows, notFlatBecause, points, title, unit } = curve
  const worst = worstOf(curve)
  const at = (point: Point | undefined) =>
    `${amount(medianOf(point?.values ?? []))} ${unit} at ${(point?.x ?? 0).toLocaleString("en-US")} ${grows}`
  const numbers = `(${at(points[0])}, ${at(worst?.point)} at worst)`
  if (isFlat(curve)) return `${title}: flat ${numbers}. ${flatBecause}`
  const because = notFlatBecause ?? "This is not explained."
  return `${title}: **not flat, ${growthOf(curve).toFixed(1)} times worse** ${numbers}. ${because}`
}
