import type { Spread } from "../measure/spread.ts"
import { alignColumns } from "./alignColumns.ts"
import { readsOfMonth, type VisibilityReport } from "./VisibilityReport.ts"
import type { WorkReport } from "./WorkReport.ts"

const whole = (value: number): string => Math.round(value).toLocaleString("en-US")
const spread = ({ max, median, min }: Spread): string => `${whole(median)} (${whole(min)}-${whole(max)})`
const ratio = ({ max, median, min }: Spread): string => `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`

const rowCells = (row: WorkReport): ReadonlyArray<ReadonlyArray<string>> => [
  [
    row.title,
    `${spread(row.subject.perSecond)} ${row.unit}`,
    whole(row.subject.microsEach.median),
    ratio(row.ratio),
    row.aim === null ? "-" : row.aim.toFixed(2)
  ],
  [`  ${row.twinTitle}`, `${spread(row.twin.perSecond)} ${row.unit}`, whole(row.twin.microsEach.median), "", ""]
]

/** The rows of work as people read them. */
export const renderWork = (rows: ReadonlyArray<WorkReport>): ReadonlyArray<string> =>
  rows.length === 0 ? [] : [
    "",
    "Work by a process of its own; what its engines used isn't in its processor time.",
    "",
    ...alignColumns([["", "done in 1 s", "CPU µs each", "ratio", "aim"], ...rows.flatMap(rowCells)])
  ]

/** How soon a comment can be seen, and what asking for it that often means. */
export const renderVisibility = (report: VisibilityReport | null): ReadonlyArray<string> => {
  if (report === null) return []
  const { max, p50, p99, pollInterval, posts } = report
  return [
    "",
    `From a post's answer to its being visible, ${posts} posts through the stack's entry: p50 ${
      p50.toFixed(1)
    } ms, p99 ${p99.toFixed(1)} ms, at most ${max.toFixed(1)} ms.`,
    `The poller asks each shard every ${pollInterval} ms. On AWS that would be ${
      whole(readsOfMonth(pollInterval))
    } GetRecords calls a month for each shard, each charged as a streams read request unit; Lambda's own polling isn't charged.`
  ]
}
