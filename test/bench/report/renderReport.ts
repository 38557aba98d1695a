import type { Spread } from "../measure/spread.ts"
import { alignColumns } from "./alignColumns.ts"
import type { BenchReport } from "./BenchReport.ts"
import { renderVisibility, renderWork } from "./renderWork.ts"
import type { RowReport, SideReport } from "./RowReport.ts"

/** Above this share of its core, the load generator may have been what set the limit. */
const busyLoad = 0.9

/** Above this share of the machine, others disturbed the measurement. */
const disturbing = 0.1

const whole = (value: number): string => Math.round(value).toLocaleString("en-US")
const millis = (micros: number): string => (micros / 1000).toFixed(2)
const percent = (share: number): string => `${Math.round(share * 100)}%`
const ratio = ({ max, median, min }: Spread): string => `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`

const sideCells = ({ p50Micros, p99Micros, perSecond, server }: SideReport): ReadonlyArray<string> => [
  `${whole(perSecond.median)} (${whole(perSecond.min)}-${whole(perSecond.max)})`,
  millis(p50Micros.median),
  millis(p99Micros.median),
  server === null ? "-" : whole(server.microsPerRequest),
  server === null ? "-" : `${percent(server.mainThreadShare)} + ${percent(server.otherThreadsShare)}`
]

const head = [
  "",
  "requests/s",
  "p50 ms",
  "p99 ms",
  "CPU µs/request",
  "cores: main + others",
  "ratio",
  "CPU ratio",
  "aim"
]

const rowCells = (row: RowReport): ReadonlyArray<ReadonlyArray<string>> => [
  [
    row.title,
    ...sideCells(row.subject),
    ratio(row.ratio),
    row.processorRatio === null ? "-" : ratio(row.processorRatio),
    row.aim.toFixed(2)
  ],
  ["  bare twin", ...sideCells(row.twin), "", "", ""]
]

const sideName = (side: number): string => side === 0 ? "" : " (bare twin)"

// One sentence for the whole run: others rarely disturb one row only.
const disturbance = (rows: ReadonlyArray<RowReport>): ReadonlyArray<string> => {
  const shares = rows.flatMap(({ subject, twin }) => [subject.strangersShare ?? 0, twin.strangersShare ?? 0])
  const most = Math.max(0, ...shares)
  return most < disturbing ? [] : [
    `Other programs used up to ${percent(most)} of the machine meanwhile, so the CPU ratio says more than requests/s.`
  ]
}

const remarks = (rows: ReadonlyArray<RowReport>): ReadonlyArray<string> =>
  rows.flatMap(({ subject, title, twin }) => [
    ...[subject, twin].flatMap(({ loadShare }, side) =>
      loadShare < busyLoad ? [] : [
        `${title}${sideName(side)}: the load generator used ${
          percent(loadShare)
        } of its core, so it may have set the limit.`
      ]
    ),
    ...(subject.settledAfterMillis === null || twin.settledAfterMillis === null ? [] : [
      `${title}: what the requests set off was done ${
        whole(subject.settledAfterMillis)
      } ms after the window's last answer, by the bare twin after ${whole(twin.settledAfterMillis)} ms.`
    ])
  ])

/** The report as people read it: the machine, how it was measured, and a table with each row beside its bare twin. */
export const renderReport = (report: BenchReport): string => {
  const { connections, date, machine, pinning, rounds, rows, secondsPerWindow, visibility, work } = report
  return [
    `${date}  ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
    `${connections} connections with one request in flight each; ${rounds} rounds of ${secondsPerWindow} s for each side, in turn.`,
    "Medians over the rounds, in brackets the lowest and highest; a ratio is the median of the rounds' own ratios.",
    pinning,
    ...(rows.length === 0 ? [] : ["", ...alignColumns([head, ...rows.flatMap(rowCells)]), ""]),
    ...disturbance(rows),
    ...remarks(rows),
    ...renderWork(work),
    ...renderVisibility(visibility)
  ].join("\n").trimEnd()
}
