import type { Machine } from "../../bench/report/Machine.ts"
import type { Outcome } from "../scenarios/Outcome.ts"
import type { Extent } from "../scenarios/Scenario.ts"

/** What a run has found. */
export interface Report {
  readonly machine: Machine
  /** When it was, in milliseconds. */
  readonly at: number
  readonly extent: Extent
  /** What spoke DynamoDB's protocol. */
  readonly dynamoSoftware: string
  /** On the stack, in the order in which they were run on one site. */
  readonly site: ReadonlyArray<Outcome>
  /** On the standalone program; a sentence where it couldn't be run. */
  readonly fullDisk: Outcome | string
}
