import type { BenchReport } from "./BenchReport.ts"
import { bullets, markdownTable, wrapped } from "./markdown.ts"
import { spread, times, whole } from "./numbers.ts"
import { type Comparison, hasReached, type Section } from "./Section.ts"

const resultHead = ["", "side", "median (lowest-highest)", "unit", "Marginalia is better by"]

const sidesOf = (comparison: Comparison): ReadonlyArray<ReadonlyArray<string>> =>
  comparison.sides.map(({ name, spread: measured }, index) => {
    const ratio = comparison.ratios[index - 1]
    const cells = [name, spread(measured), comparison.unit]
    if (index === 0) return [comparison.title, ...cells, ""]
    return ["", ...cells, ratio === undefined || ratio.values.length === 0 ? "-" : spread(ratio.spread, times)]
  })

const renderSection = (
  { comparisons, failures, notes, plots, tables, text, title }: Section
): ReadonlyArray<string> => [
  `## ${title}`,
  ...text.flatMap((paragraph) => ["", wrapped(paragraph)]),
  ...plots.flatMap(({ name, title }) => ["", `![${title}](benchmark/${name}.svg)`]),
  ...(comparisons.length === 0 ? [] : ["", ...markdownTable(resultHead, comparisons.flatMap(sidesOf))]),
  ...tables.flatMap(({ head, rows, title }) => ["", `${title}:`, "", ...markdownTable(head, rows)]),
  ...[
    ...comparisons.flatMap(({ notes, title }) => notes.map((note) => `${title}: ${note}`)),
    ...notes,
    ...failures.map((failure) => `Could not be measured: ${failure}`)
  ].flatMap((note, index) => index === 0 ? ["", ...bullets([note])] : bullets([note])),
  ""
]

const aimRows = (sections: ReadonlyArray<Section>): ReadonlyArray<ReadonlyArray<string>> =>
  sections.flatMap(({ comparisons }) =>
    comparisons.flatMap((comparison) => {
      const { aim, ratios, title } = comparison
      const reached = ratios.find(({ against }) => against === aim?.against)
      if (aim === null || reached === undefined) return []
      const verdict = hasReached(comparison) === true ? "reached" : "**missed**"
      const measured = reached.values.length === 0 ? "-" : spread(reached.spread, times)
      return [[title, aim.against, times(aim.ratio), measured, verdict]]
    })
  )

const machineRows = ({ connections, machine, minutes, rounds, secondsPerWindow, versions }: BenchReport) => [
  ["processor", `${machine.processor}, ${machine.cores} cores`],
  ["memory", `${machine.memoryGiB} GiB`],
  ["system", machine.system],
  ["load", `${connections} connections, one request in flight on each`],
  ["measured", `${rounds} rounds of ${secondsPerWindow} s for each side, in turn; ${whole(minutes)} minutes in all`],
  ...Object.entries(versions).map(([name, version]) => [name, version])
]

const notMeasured = [
  "Networks: everything is on one machine, and what a network costs, which is more than most of this, comes on top for every side.",
  "AWS itself: DynamoDB is an emulator here. Its capacity units are counted as AWS counts them, its latencies are its own.",
  "More than one process of a service, and more than one core for it. Services share nothing but their engines, but " +
  "that they scale is argued, not measured.",
  "Durability's price: the PostgreSQL server that all sides share doesn't wait for the disk (`fsync` off), so that its " +
  "disk isn't what is measured.",
  "Long runs: a window is seconds long. What builds up over days (vacuum, fragmentation) is not seen, but for the " +
  "memory under load where that was measured."
]

/** The page of documentation that a run writes. */
export const renderMarkdown = (report: BenchReport): string => {
  const { date, isQuick, pinning, sections } = report
  const aims = aimRows(sections)
  return [
    "# Benchmark",
    "",
    wrapped(
      `This page is written by \`npm run bench\`, last on ${
        date.slice(0, 10)
      }; nobody edits it. All that was measured, ` +
        "each round by itself, is in [report.json](benchmark/report.json)."
    ),
    ...(isQuick ? ["", "**This was a smoke run: its numbers say little.**"] : []),
    "",
    wrapped(
      "Numbers of one machine say nothing about another, so what counts are ratios: both sides of a row are measured on the " +
        "same machine in the same run, in several rounds in turn. Values are medians of the rounds, in brackets the lowest and the " +
        "highest; a ratio is the median of the rounds' own ratios, and above 1 Marginalia is the better one, whichever way " +
        "the unit counts."
    ),
    "",
    ...(aims.length === 0 ? [] : [
      "## What was aimed at, and what was reached",
      "",
      ...markdownTable(["row", "against", "aim", "measured", ""], aims),
      ""
    ]),
    ...sections.flatMap(renderSection),
    "## The machine",
    "",
    ...markdownTable(["", ""], machineRows(report)),
    "",
    wrapped(pinning),
    "",
    "## What isn't measured",
    "",
    ...bullets(notMeasured),
    "",
    "## Run it again",
    "",
    wrapped(
      "`npm run bench` on a machine that does nothing else, with at least two cores and Redis on the PATH: it takes about " +
        "a quarter of an hour, says how far it is, and writes this page, its plots and `report.json` if it measured all " +
        "sections. `npm run bench -- --quick` shows in a minute or two that everything works, and writes nothing here; `--sections crud,bare` and " +
        "`--rows hot-page` measure a part; `--write-docs` writes the page all the same. It ends with 1 if a row could not be " +
        "measured, never because of a number."
    ),
    ""
  ].join("\n")
}
