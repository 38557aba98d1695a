import { Schema } from "effect"
import { Machine } from "./Machine.ts"
import { RowReport } from "./RowReport.ts"
import { VisibilityReport } from "./VisibilityReport.ts"
import { WorkReport } from "./WorkReport.ts"

/** A whole run, as it is kept. Times are in µs unless their names say otherwise. */
export const BenchReport = Schema.Struct({
  /** When it began: ISO 8601, in UTC. */
  date: Schema.String,
  machine: Machine,
  /** Which processes were kept on which cores. */
  pinning: Schema.String,
  rounds: Schema.Int,
  secondsPerWindow: Schema.Finite,
  connections: Schema.Int,
  rows: Schema.Array(RowReport),
  work: Schema.Array(WorkReport),
  /** Null if it wasn't asked for. */
  visibility: Schema.NullOr(VisibilityReport)
})
export type BenchReport = typeof BenchReport.Type
