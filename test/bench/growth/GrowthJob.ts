import { Schema } from "effect"
import { WorkEngines } from "../work/WorkRow.ts"
import { GrowthCurve } from "./GrowthCurve.ts"

/** What grows. */
export const growthNames = ["stream", "picture", "log", "pictures", "reconcile"] as const

/** How far things grow, and how often each is measured. */
export const GrowthScale = Schema.Struct({
  rounds: Schema.Int,
  /** Operations of each round, one after the other. */
  operations: Schema.Int,
  streams: Schema.Array(Schema.Int),
  picture: Schema.Array(Schema.Int),
  log: Schema.Array(Schema.Int),
  pictures: Schema.Array(Schema.Int),
  reconciled: Schema.Int
})
export type GrowthScale = typeof GrowthScale.Type

/** What a process that measures is asked for. */
export const GrowthJob = Schema.Struct({
  name: Schema.Literals(growthNames),
  engines: WorkEngines,
  scale: GrowthScale
})
export type GrowthJob = typeof GrowthJob.Type

/** A rate that doesn't belong to a curve. */
export const Rate = Schema.Struct({
  title: Schema.String,
  perSecond: Schema.Finite,
  /** Capacity units of DynamoDB for each; null where the engine has none. */
  unitsEach: Schema.NullOr(Schema.Finite)
})
export type Rate = typeof Rate.Type

/** What it says, in one line of JSON. */
export const GrowthOutcome = Schema.TaggedUnion({
  Measured: { curves: Schema.Array(GrowthCurve), rates: Schema.Array(Rate) },
  Failed: { why: Schema.String }
})
export type GrowthOutcome = typeof GrowthOutcome.Type

/** Curves and rates, as each measurement gives them. */
export interface Grown {
  readonly curves: ReadonlyArray<GrowthCurve>
  readonly rates: ReadonlyArray<Rate>
}
