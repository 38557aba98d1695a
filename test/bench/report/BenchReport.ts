import { Schema } from "effect"
import { Machine } from "./Machine.ts"
import { Section } from "./Section.ts"

/** A whole run, as it is kept. */
export const BenchReport = Schema.Struct({
  /** When it began: ISO 8601, in UTC. */
  date: Schema.String,
  machine: Machine,
  /** What ran on it, and at which versions: Node, PostgreSQL, Redis, the rivals. */
  versions: Schema.Record(Schema.String, Schema.String),
  /** Which processes were kept on which cores. */
  pinning: Schema.String,
  /** A smoke run: its numbers say little. */
  isQuick: Schema.Boolean,
  rounds: Schema.Int,
  secondsPerWindow: Schema.Finite,
  connections: Schema.Int,
  minutes: Schema.Finite,
  sections: Schema.Array(Section)
})
export type BenchReport = typeof BenchReport.Type
