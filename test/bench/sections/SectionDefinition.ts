import type { NodeServices } from "@effect/platform-node/NodeServices"
import type { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { BenchError } from "../BenchError.ts"
import type { Section } from "../report/Section.ts"
import type { Pinning } from "../servers/pinning.ts"

/** How thoroughly a run measures. */
export interface SectionOptions {
  /** A smoke run: that everything works is to be seen, its numbers say little. */
  readonly isQuick: boolean
  /** How often each side is measured, in turn. */
  readonly rounds: number
  /** How long each window of time is, where something is measured over a time. */
  readonly seconds: number
  /** How many connections are open at once, with one request in flight each. */
  readonly connections: number
  readonly pinning: Pinning
  /** Fewer rows of the section, by their names; all of them if empty. */
  readonly rows: ReadonlyArray<string>
}

/** A part of the benchmark that can be asked for by its name. */
export interface SectionDefinition {
  readonly name: string
  readonly title: string
  /** All its rows, as `--rows` names them. */
  readonly rowNames: ReadonlyArray<string>
  /** How often and how long it measures, in a sentence: the plan before, and part of the report after. */
  readonly windows: (options: SectionOptions) => string
  /** About how long it takes, in s. */
  readonly expectedSeconds: (options: SectionOptions) => number
  /**
   * Measures all of it. A row that fails is told of in the section's `failures` and on standard error, and the others go on;
   * the effect itself fails only if nothing could be measured.
   */
  readonly measure: (
    options: SectionOptions
  ) => Effect.Effect<Section, BenchError, NodeServices | HttpClient.HttpClient>
}
