import type { Sample } from "../measure/Sample.ts"
import { medianOf, spreadOf } from "../measure/spread.ts"
import { millis, percent, spread, whole } from "../report/numbers.ts"
import { compare, type Comparison, type SectionTable } from "../report/Section.ts"

/** A row of requests: what each side did in each round, our side first. */
export interface HttpRow {
  readonly name: string
  readonly title: string
  readonly aim: Comparison["aim"]
  readonly sides: ReadonlyArray<{ readonly name: string; readonly samples: ReadonlyArray<Sample> }>
}

/** Above this share of its core, the load generator, or the engines beside it, may have been what set the limit. */
const busyLoad = 0.9

/** Above this share of the machine, others disturbed the measurement. */
const disturbing = 0.1

const median = (samples: ReadonlyArray<Sample>, of: (sample: Sample) => number | null | undefined): number | null => {
  const values = samples.flatMap((sample) => of(sample) ?? [])
  return values.length === 0 ? null : medianOf(values)
}

const orDash = (value: number | null, show: (value: number) => string): string => value === null ? "-" : show(value)

const busyNotes = ({ sides }: HttpRow): ReadonlyArray<string> =>
  sides.flatMap(({ name, samples }) => {
    const share = median(samples, ({ loadShare }) => loadShare) ?? 0
    if (share >= busyLoad) {
      return [`${name}: the load generator used ${percent(share)} of its core, so it may have set the limit.`]
    }
    const whole = median(samples, ({ loadCoreShare }) => loadCoreShare) ?? 0
    return whole < busyLoad ? [] : [
      `${name}: the core that the load generator and the engines share was busy for ${
        percent(whole)
      } of the time, so they ` +
      "may have set the limit and not the server."
    ]
  })

/** The comparison of a row, by requests/s. */
export const comparisonOf = (row: HttpRow): Comparison =>
  compare({
    name: row.name,
    title: row.title,
    unit: "requests/s",
    better: "higher",
    aim: row.aim,
    sides: row.sides.map(({ name, samples }) => ({ name, values: samples.map(({ perSecond }) => perSecond) })),
    notes: busyNotes(row)
  })

const cellsOf = (title: string, name: string, samples: ReadonlyArray<Sample>): ReadonlyArray<string> => [
  title,
  name,
  spread(spreadOf(samples.map(({ perSecond }) => perSecond)), whole),
  orDash(median(samples, ({ p50Micros }) => p50Micros), millis),
  orDash(median(samples, ({ p99Micros }) => p99Micros), millis),
  orDash(median(samples, ({ server }) => server?.microsPerRequest), whole),
  orDash(median(samples, ({ server }) => server?.mainThreadShare), percent),
  orDash(median(samples, ({ server }) => server?.otherThreadsShare), percent),
  orDash(median(samples, ({ loadShare }) => loadShare), percent),
  orDash(median(samples, ({ loadCoreShare }) => loadCoreShare), percent),
  orDash(median(samples, ({ settledAfterMillis }) => settledAfterMillis), whole)
]

/** Latencies and processor time of all sides. */
export const detailsOf = (rows: ReadonlyArray<HttpRow>): SectionTable => ({
  title: "Latency, and where the processor time went (medians)",
  head: [
    "row",
    "side",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU µs/request",
    "main threads",
    "other threads",
    "load generator",
    "its core, with engines",
    "settled after ms"
  ],
  rows: rows.flatMap((row) =>
    row.sides.map(({ name, samples }, index) => cellsOf(index === 0 ? row.title : "", name, samples))
  )
})

/** One sentence for all rows, if others disturbed them: they rarely disturb one only. */
export const disturbanceOf = (rows: ReadonlyArray<HttpRow>): ReadonlyArray<string> => {
  const shares = rows.flatMap(({ sides }) =>
    sides.flatMap(({ samples }) => median(samples, ({ strangersShare }) => strangersShare) ?? [])
  )
  const most = Math.max(0, ...shares)
  return most < disturbing ? [] : [
    `Other programs, or engines that are processes of their own, used up to ${
      percent(most)
    } of the machine meanwhile. Where the engines are the same on both sides that is the load's own; on a machine that others use it means that CPU µs/request say more than requests/s.`
  ]
}
