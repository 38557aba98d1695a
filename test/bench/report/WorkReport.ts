import { Schema } from "effect"
import { Spread, spreadOf } from "../measure/spread.ts"
import type { WorkRound, WorkSample } from "../work/measureWork.ts"
import type { WorkRow } from "../work/WorkRow.ts"

const WorkSide = Schema.Struct({ perSecond: Spread, microsEach: Spread })

/** A row of work: both sides over all rounds, and what each round makes of the one by the other. */
export const WorkReport = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  unit: Schema.String,
  twinTitle: Schema.String,
  aim: Schema.NullOr(Schema.Finite),
  subject: WorkSide,
  twin: WorkSide,
  /** What was done in a second by what the twin did, of each round. */
  ratio: Spread
})
export type WorkReport = typeof WorkReport.Type

const sideOf = (samples: ReadonlyArray<WorkSample>) => ({
  perSecond: spreadOf(samples.map(({ perSecond }) => perSecond)),
  microsEach: spreadOf(samples.map(({ microsEach }) => microsEach))
})

/** Sums up the rounds of a row of work; there is at least one. */
export const reportWork = (
  { aim, name, title, twinTitle, unit }: WorkRow,
  rounds: ReadonlyArray<WorkRound>
): WorkReport => ({
  name,
  title,
  unit,
  twinTitle,
  aim,
  subject: sideOf(rounds.map(({ subject }) => subject)),
  twin: sideOf(rounds.map(({ twin }) => twin)),
  ratio: spreadOf(rounds.map(({ subject, twin }) => subject.perSecond / twin.perSecond))
})
