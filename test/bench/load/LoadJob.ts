import { Schema } from "effect"
import { Sample } from "../measure/Sample.ts"

/** What the load generator is to do: one window of time against one server. */
export const LoadJob = Schema.Struct({
  /** The row whose requests are sent, of one of the sections. */
  row: Schema.String,
  /** What the row's preparation found out. */
  material: Schema.Json,
  /** Where requests go: to the first, unless a request says otherwise. */
  ports: Schema.NonEmptyArray(Schema.Int),
  /** The processes whose processor time is the server's. */
  pids: Schema.Array(Schema.Int),
  connections: Schema.Int,
  warmUpSeconds: Schema.Finite,
  seconds: Schema.Finite,
  /** The number of the first request: windows go on counting where the one before ended. */
  first: Schema.Int
})
export type LoadJob = typeof LoadJob.Type

/** What the load generator says at its end, in one line of JSON. */
export const LoadReport = Schema.Union([
  Schema.TaggedStruct("Measured", {
    sample: Sample,
    /** The number of the request that would have been next. */
    next: Schema.Int
  }),
  Schema.TaggedStruct("Failed", { why: Schema.String })
])
export type LoadReport = typeof LoadReport.Type
