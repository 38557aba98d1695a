import { Schema } from "effect"

/** What a process that runs seeds says, one line of JSON for each. */
export const Trial = Schema.TaggedUnion({
  /** A seed is being run. */
  Begun: { seed: Schema.Int },
  /** The simulation itself broke under a seed: that shows nothing about the system. */
  Broke: { seed: Schema.Int, reason: Schema.String },
  /** A history broke a promise. */
  Caught: {
    seed: Schema.Int,
    rules: Schema.NonEmptyArray(Schema.Int),
    promise: Schema.String,
    detail: Schema.String
  },
  /** All seeds were run, and no history broke a promise. */
  Survived: {}
})
export type Trial = typeof Trial.Type

/** A line of JSON, read and written. */
export const TrialLine = Schema.fromJsonString(Trial)
