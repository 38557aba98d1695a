import { measured } from "../../platform/measurements.ts"
import type { Projected } from "../../projections/Projected.ts"

/** Says what became of a batch: a function has no port where anybody could ask for it. */
export const measureBatch = ({ applied, invalidationsFailed, lag, parked }: Projected) =>
  measured("projection", {
    events: applied,
    ...(lag === null ? {} : { lagMilliseconds: Math.round(lag) }),
    parked: parked.length,
    invalidationsFailed
  })
