import { alignColumns } from "./alignColumns.ts"
import type { BenchReport } from "./BenchReport.ts"
import { spread, times } from "./numbers.ts"
import { type Comparison, hasReached, type Section } from "./Section.ts"

const head = ["", "side", "median (lowest-highest)", "unit", "ratio", "aim"]

const aimCell = (comparison: Comparison, against: string): string => {
  const { aim } = comparison
  if (aim === null || aim.against !== against) return ""
  return `${times(aim.ratio)} ${hasReached(comparison) === true ? "reached" : "missed"}`
}

const rowsOf = (comparison: Comparison): ReadonlyArray<ReadonlyArray<string>> =>
  comparison.sides.map(({ name, spread: measured }, index) => {
    const ratio = comparison.ratios[index - 1]
    return [
      index === 0 ? comparison.title : "",
      name,
      spread(measured),
      comparison.unit,
      ratio === undefined || ratio.values.length === 0 ? "" : spread(ratio.spread, times),
      aimCell(comparison, name)
    ]
  })

const renderSection = ({ comparisons, failures, notes, tables, title }: Section): ReadonlyArray<string> => [
  "",
  title,
  "",
  ...(comparisons.length === 0 ? [] : alignColumns([head, ...comparisons.flatMap(rowsOf)])),
  ...tables.flatMap(({ head, rows, title }) => ["", title, ...alignColumns([head, ...rows])]),
  ...comparisons.flatMap(({ notes, title }) => notes.map((note) => `${title}: ${note}`)),
  ...notes,
  ...failures.map((failure) => `FAILED  ${failure}`)
]

/** The report for a terminal. */
export const renderConsole = ({ machine, pinning, sections }: BenchReport): string =>
  [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    "Medians of the rounds, in brackets the lowest and highest. A ratio is the median of the rounds' own: how many times better the first side did.",
    pinning,
    ...sections.flatMap(renderSection)
  ].join("\n")
