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
  /** Why it is as it is: an index, a snapshot, a limit. */
  because: Schema.String
})
export type GrowthCurve = typeof GrowthCurve.Type

/** How much worse the last point may be than the first for a curve to be called flat. Noise on a small machine is below. */
export const flatUpTo = 1.5

/** How many times worse the last point is than the first; below 1, it is better. NaN if there is nothing to compare. */
export const growthOf = ({ better, points }: GrowthCurve): number => {
  const first = medianOf(points[0]?.values ?? [])
  const last = medianOf(points.at(-1)?.values ?? [])
  return better === "lower" ? last / first : first / last
}

const amount = (value: number): string => value.toLocaleString("en-US", { maximumSignificantDigits: 3 })

/** Whether the curve is flat, in a sentence with its numbers, and why. */
export const verdictOf = (curve: GrowthCurve): string => {
  const { because, grows, points, title, unit } = curve
  const at = (point: GrowthCurve["points"][number] | undefined) =>
    `${amount(medianOf(point?.values ?? []))} ${unit} at ${(point?.x ?? 0).toLocaleString("en-US")} ${grows}`
  const growth = growthOf(curve)
  const said = growth <= flatUpTo ? "flat" : `**not flat, ${growth.toFixed(1)} times worse at the end**`
  return `${title}: ${said} (${at(points[0])}, ${at(points.at(-1))}). ${because}`
}
