import { Schema } from "effect"

/** What a twin's process is to be. */
export const TwinJob = Schema.Struct({
  /** The row whose twin it is. */
  row: Schema.String,
  /** What the row's preparation found out. */
  material: Schema.Json,
  /** A folder of its own, for what it stores. */
  folder: Schema.String
})
