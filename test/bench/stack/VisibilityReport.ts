import { Schema } from "effect"

/** How long it takes from a post's answer to a query that shows the comment, through the whole stack. Times are in ms. */
export const VisibilityReport = Schema.Struct({
  posts: Schema.Int,
  p50: Schema.Finite,
  p99: Schema.Finite,
  max: Schema.Finite,
  /** How often the poller asks each shard for records. */
  pollInterval: Schema.Finite
})
export type VisibilityReport = typeof VisibilityReport.Type

const secondsOfMonth = 30 * 24 * 60 * 60

/** GetRecords calls of one shard in 30 days. */
export const readsOfMonth = (pollInterval: number): number => Math.round((secondsOfMonth * 1000) / pollInterval)
