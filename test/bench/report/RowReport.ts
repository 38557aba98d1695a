import { Schema } from "effect"
import { Sample } from "../measure/Sample.ts"
import { medianOf, Spread, spreadOf } from "../measure/spread.ts"
import type { Round } from "../measureRow.ts"
import type { Row } from "../Row.ts"

/** One side over all rounds. */
export const SideReport = Schema.Struct({
  perSecond: Spread,
  p50Micros: Spread,
  p99Micros: Spread,
  /** The median share of one core that the load generator used. */
  loadShare: Schema.Finite,
  /** The median share of the machine that strangers to the benchmark used. */
  strangersShare: Schema.NullOr(Schema.Finite),
  /** Medians of what the server's process used; null where the system doesn't tell. */
  server: Schema.NullOr(Schema.Struct({
    mainThreadShare: Schema.Finite,
    otherThreadsShare: Schema.Finite,
    microsPerRequest: Schema.Finite
  })),
  settledAfterMillis: Schema.NullOr(Schema.Finite),
  samples: Schema.Array(Sample)
})
export type SideReport = typeof SideReport.Type

/** A row's result: both sides, and what each round makes of the one by the other. */
export const RowReport = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  aim: Schema.Finite,
  subject: SideReport,
  twin: SideReport,
  /** Requests/s by the twin's, of each round. */
  ratio: Spread,
  /** The twin's processor time for a request by the subject's, of each round: what `ratio` would be on a quiet machine. */
  processorRatio: Schema.NullOr(Spread)
})
export type RowReport = typeof RowReport.Type

const sideOf = (samples: ReadonlyArray<Sample>): SideReport => {
  const servers = samples.flatMap(({ server }) => server ?? [])
  const strangers = samples.flatMap(({ strangersShare }) => strangersShare ?? [])
  const settled = samples.flatMap(({ settledAfterMillis }) => settledAfterMillis ?? [])
  return {
    perSecond: spreadOf(samples.map(({ perSecond }) => perSecond)),
    p50Micros: spreadOf(samples.map(({ p50Micros }) => p50Micros)),
    p99Micros: spreadOf(samples.map(({ p99Micros }) => p99Micros)),
    strangersShare: strangers.length === 0 ? null : medianOf(strangers),
    loadShare: medianOf(samples.map(({ loadShare }) => loadShare)),
    server: servers.length === 0 ? null : {
      mainThreadShare: medianOf(servers.map(({ mainThreadShare }) => mainThreadShare)),
      otherThreadsShare: medianOf(servers.map(({ otherThreadsShare }) => otherThreadsShare)),
      microsPerRequest: medianOf(servers.map(({ microsPerRequest }) => microsPerRequest))
    },
    settledAfterMillis: settled.length === 0 ? null : medianOf(settled),
    samples
  }
}

/** Sums up the rounds of a row; there is at least one. */
export const reportRow = (
  { aim, name, title }: Pick<Row, "aim" | "name" | "title">,
  rounds: ReadonlyArray<Round>
): RowReport => {
  const processor = rounds.flatMap(({ subject, twin }) =>
    subject.server === null || twin.server === null
      ? []
      : twin.server.microsPerRequest / subject.server.microsPerRequest
  )
  return {
    name,
    title,
    aim,
    subject: sideOf(rounds.map(({ subject }) => subject)),
    twin: sideOf(rounds.map(({ twin }) => twin)),
    ratio: spreadOf(rounds.map(({ subject, twin }) => subject.perSecond / twin.perSecond)),
    processorRatio: processor.length === 0 ? null : spreadOf(processor)
  }
}
