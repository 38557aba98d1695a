import { Schema } from "effect"

/** The engines of a run, all on 127.0.0.1, kept off the core of the side that works. */
export const WorkEngines = Schema.Struct({
  /** A PostgreSQL server; its user may make databases. */
  postgres: Schema.String,
  /** An engine that speaks DynamoDB's protocol. */
  dynamo: Schema.String,
  redis: Schema.String
})
export type WorkEngines = typeof WorkEngines.Type

/** How much was done, and how long it took. What was prepared and cleared away isn't in it. */
export const WorkDone = Schema.Struct({ amount: Schema.Int, seconds: Schema.Finite })
export type WorkDone = typeof WorkDone.Type

/** Work that no request asks for: both sides do it in processes of their own, one after the other, in each round anew. */
export interface WorkRow {
  /** As `--rows` names it. */
  readonly name: string
  /** As the table names it. */
  readonly title: string
  /** What is counted, in the plural. */
  readonly unit: string
  /** The ratio that the project is after; null where the ratio itself is what is to be known. */
  readonly aim: number | null
  /** What the other side is called. */
  readonly twinTitle: string
  readonly subject: (engines: WorkEngines) => Promise<WorkDone>
  readonly twin: (engines: WorkEngines) => Promise<WorkDone>
}

/** What a process is to do. */
export const WorkJob = Schema.Struct({
  row: Schema.String,
  side: Schema.Literals(["subject", "twin"]),
  engines: WorkEngines
})

/** What a process says at its end, in one line of JSON. */
export const WorkOutcome = Schema.Union([
  Schema.TaggedStruct("Done", {
    done: WorkDone,
    /** The processor time of this process while it worked, in s. */
    processorSeconds: Schema.Finite
  }),
  Schema.TaggedStruct("Failed", { why: Schema.String })
])
export type WorkOutcome = typeof WorkOutcome.Type
