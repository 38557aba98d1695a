import { Schema } from "effect"

/** What a process that runs seeds says, one line of JSON for each. */
export const SeedLine = Schema.TaggedUnion({
  /** A seed is being run. */
  Begun: { seed: Schema.Int },
  /** No promise was broken. `struck` says how often each kind of fault and incident struck. */
  Passed: { seed: Schema.Int, struck: Schema.Record(Schema.String, Schema.Int) },
  /** A history broke promises: those of these rules, the first of them this. */
  Failed: {
    seed: Schema.Int,
    rules: Schema.NonEmptyArray(Schema.Int),
    promise: Schema.String,
    detail: Schema.String
  },
  /** The simulation itself broke: that shows nothing about the system. */
  Broke: { seed: Schema.Int, reason: Schema.String },
  /** All seeds were run that were asked for. */
  Over: {}
})
export type SeedLine = typeof SeedLine.Type

/** Which seeds a process is to run, and how. */
export const SeedRequest = Schema.Struct({
  seeds: Schema.Union([
    Schema.Array(Schema.Int),
    Schema.Struct({ from: Schema.Int, count: Schema.Int, step: Schema.Int })
  ]),
  operations: Schema.NullOr(Schema.Int),
  /** Whether the first seed that fails is the last that is run. */
  untilFailed: Schema.Boolean
})
export type SeedRequest = typeof SeedRequest.Type
