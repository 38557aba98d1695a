import type { Aim } from "../report/Section.ts"
import { type GrowthCurve, growthOf, isFlat } from "./GrowthCurve.ts"

/** Loads are to be flat in history, in time and in units, on each engine. */
export const growthAims = (curves: ReadonlyArray<GrowthCurve>): ReadonlyArray<Aim> =>
  curves.filter(({ name }) => name.startsWith("stream-load-")).map((curve): Aim => ({
    title: `${curve.title} of ${
      [curve.points[0], curve.points.at(-1)].map((point) => (point?.x ?? 0).toLocaleString("en-US")).join(" to ")
    } events (${curve.unit})`,
    against: null,
    aim: "flat",
    measured: `${growthOf(curve).toFixed(2)} times the first at worst`,
    reached: isFlat(curve)
  }))
