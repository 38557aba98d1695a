import { Console, Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import { expectedSeconds, measureRow, type Round } from "../measureRow.ts"
import { compare, type Comparison, type SectionTable } from "../report/Section.ts"
import type { Row } from "../Row.ts"
import { findRow, rowNames } from "../rows.ts"
import { startWorkEngines } from "../servers/workEngines.ts"
import { measureVisibility, visibilityName } from "../stack/visibility.ts"
import { measureWork, type WorkRound } from "../work/measureWork.ts"
import type { WorkRow } from "../work/WorkRow.ts"
import { findWorkRow, workRowNames } from "../work/workRows.ts"
import { bareText } from "./bareText.ts"
import { comparisonOf, detailsOf, disturbanceOf, type HttpRow } from "./httpSection.ts"
import type { SectionDefinition, SectionOptions } from "./SectionDefinition.ts"
import { visibilityNotes } from "./visibilityNotes.ts"

const ours = "Marginalia"
const bare = "bare twin"

/** Rows whose programs are slow to start, or that wait for a poller: a smoke run does without. */
const quickRows = ["hot-page", "stack-hot-page"]

const found = <A>(find: () => Promise<A>) =>
  Effect.tryPromise({
    try: find,
    catch: (error) => new BenchError({ message: error instanceof Error ? error.message : String(error) })
  })

const chosen = ({ isQuick, rows }: SectionOptions, names: ReadonlyArray<string>): ReadonlyArray<string> =>
  rows.length > 0
    ? names.filter((name) => rows.includes(name))
    : isQuick
    ? names.filter((name) => quickRows.includes(name))
    : names

const toldOf = <A, E extends { readonly message: string }, R>(name: string, measured: Effect.Effect<A, E, R>) =>
  measured.pipe(
    Effect.mapError(({ message }) => message.startsWith(name) ? message : `${name}: ${message}`),
    Effect.tapError((message) => Console.error(`FAILED  ${message}`))
  )

/** Both sides of a row, with the twin as the one to be compared with. */
export const httpRowOf = (
  { aim, name, title }: Pick<Row, "aim" | "name" | "title">,
  rounds: ReadonlyArray<Round>
): HttpRow => ({
  name,
  title,
  aim: { against: bare, ratio: aim },
  sides: [
    { name: ours, samples: rounds.map(({ subject }) => subject) },
    { name: bare, samples: rounds.map(({ twin }) => twin) }
  ]
})

/** The same for work that no request asks for. */
export const workComparison = (
  { aim, name, title, twinTitle, unit }: Pick<WorkRow, "aim" | "name" | "title" | "twinTitle" | "unit">,
  rounds: ReadonlyArray<WorkRound>
): Comparison =>
  compare({
    name,
    title,
    unit: `${unit}/s`,
    better: "higher",
    aim: aim === null ? null : { against: twinTitle, ratio: aim },
    sides: [
      { name: ours, values: rounds.map(({ subject }) => subject.perSecond) },
      { name: twinTitle, values: rounds.map(({ twin }) => twin.perSecond) }
    ]
  })

const processorRatios = (rows: ReadonlyArray<HttpRow>): ReadonlyArray<Comparison> =>
  rows.flatMap(({ name, sides, title }) => {
    const values = sides.map((side) => ({
      name: side.name,
      values: side.samples.flatMap(({ server }) => server?.microsPerRequest ?? [])
    }))
    if (values.some((side) => side.values.length === 0)) return []
    return [compare({
      name: `${name}-cpu`,
      title: `${title}: processor time`,
      unit: "µs/request",
      better: "lower",
      aim: null,
      sides: values
    })]
  })

const measureAllWork = Effect.fnUntraced(function*(names: ReadonlyArray<string>, options: SectionOptions) {
  if (names.length === 0) return [[], []] as const
  const engines = yield* startWorkEngines(options.pinning)
  return yield* Effect.partition(names, (name) =>
    toldOf(
      name,
      Effect.flatMap(found(() => findWorkRow(name)), (row) =>
        Effect.map(measureWork(row, { ...options, engines }), (rounds) => workComparison(row, rounds)))
    ))
}, Effect.scoped)

const measureSeen = Effect.fnUntraced(function*(names: ReadonlyArray<string>) {
  return yield* Effect.partition(names, (name) => toldOf(name, measureVisibility))
})

const measure = Effect.fn("bare")(function*(options: SectionOptions) {
  const [rows, failed] = yield* Effect.partition(chosen(options, rowNames), (name) =>
    toldOf(
      name,
      Effect.flatMap(found(() => findRow(name)), (row) =>
        Effect.map(measureRow(row, { ...options, profiles: undefined }), (rounds) => httpRowOf(row, rounds)))
    ))
  const [work, workFailed] = yield* measureAllWork(chosen(options, workRowNames), options)
  const [seen, seenFailed] = yield* measureSeen(chosen(options, [visibilityName]))
  const tables: ReadonlyArray<SectionTable> = rows.length === 0 ? [] : [detailsOf(rows)]
  const all = [...rows.map(comparisonOf), ...processorRatios(rows), ...work]
  return {
    name: "bare",
    title,
    text: bareText,
    comparisons: all,
    tables,
    plots: all.length === 0 ? [] : [{
      _tag: "Bars" as const,
      name: "bare",
      title: "Marginalia's share of what the bare twin does",
      y: { label: "ratio", scale: "linear" as const },
      sides: ["requests/s or work/s"],
      groups: all.filter(({ better }) => better === "higher").map(({ ratios: [ratio], title }) => ({
        label: title,
        bars: [ratio?.spread ?? null]
      }))
    }],
    notes: [...disturbanceOf(rows), ...seen.flatMap(visibilityNotes)],
    failures: [...failed, ...workFailed, ...seenFailed]
  }
})

const title = "Beside the bare machine"
const visibilitySeconds = 45
const workSeconds = 12

/** Marginalia beside bare node:http handlers that do the same I/O. */
export const section: SectionDefinition = {
  name: "bare",
  title,
  rowNames: [...rowNames, ...workRowNames, visibilityName],
  windows: ({ rounds, seconds }) =>
    `${rounds} rounds of ${seconds} s for each side of a row, in turn; work that no request asks for ${rounds} times`,
  expectedSeconds: (options) =>
    chosen(options, rowNames).length * expectedSeconds(options) +
    chosen(options, workRowNames).length * options.rounds * workSeconds +
    chosen(options, [visibilityName]).length * visibilitySeconds,
  measure
}
