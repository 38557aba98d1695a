import type { BenchReport } from "./BenchReport.ts"
import { bullets, markdownTable, wrapped } from "./markdown.ts"
import { spread, times, whole } from "./numbers.ts"
import { type Comparison, hasReached, type Section } from "./Section.ts"

const resultHead = ["", "side", "median (lowest-highest)", "unit", "Marginalia is better by"]

/** Another side of our own isn't somebody to be better than. */
const isOurs = (side: string): boolean => side.startsWith("Marginalia")

const sidesOf = (comparison: Comparison): ReadonlyArray<ReadonlyArray<string>> =>
  comparison.sides.map(({ name, spread: measured }, index) => {
    const ratio = comparison.ratios[index - 1]
    const cells = [name, spread(measured), comparison.unit]
    if (index === 0) return [comparison.title, ...cells, ""]
    if (isOurs(name)) return ["", ...cells, ""]
    return ["", ...cells, ratio === undefined || ratio.values.length === 0 ? "-" : spread(ratio.spread, times)]
  })

const renderSection = (
  { comparisons, failures, notes, plots, tables, text, title, windows }: Section
): ReadonlyArray<string> => [
  `## ${title}`,
  ...(windows === undefined ? [] : ["", wrapped(`Measured: ${windows}.`)]),
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

const verdict = (isReached: boolean): string => isReached ? "reached" : "**missed**"

const aimRows = (sections: ReadonlyArray<Section>): ReadonlyArray<ReadonlyArray<string>> =>
  sections.flatMap(({ aims = [], comparisons }) => [
    ...comparisons.flatMap((comparison) => {
      const { aim, ratios, title } = comparison
      const compared = ratios.find(({ against }) => against === aim?.against)
      if (aim === null || compared === undefined) return []
      const measured = compared.values.length === 0 ? "-" : spread(compared.spread, times)
      return [[title, aim.against, times(aim.ratio), measured, verdict(hasReached(comparison) === true)]]
    }),
    ...aims.map(({ against, aim, measured, reached, title }) => [title, against ?? "", aim, measured, verdict(reached)])
  ])

/** The section whose twins do less than we must: we are behind each of them, and its ratios say by how much. */
const bareSection = "bare"

// Where we are behind is told at the beginning, whether or not it was aimed at.
const behindRows = (sections: ReadonlyArray<Section>): ReadonlyArray<ReadonlyArray<string>> =>
  sections.filter(({ name }) => name !== bareSection).flatMap(({ comparisons }) =>
    comparisons.flatMap(({ ratios, title }) =>
      ratios.flatMap(({ against, spread: measured, values }) =>
        values.length === 0 || measured.median >= 1 || isOurs(against)
          ? []
          : [[title, against, spread(measured, times)]]
      )
    )
  )

const machineRows = ({ connections, machine, minutes, versions }: BenchReport) => [
  ["processor", `${machine.processor}, ${machine.cores} cores`],
  ["memory", `${machine.memoryGiB} GiB`],
  ["system", machine.system],
  ["load", `${connections} connections, one request in flight on each`],
  ["measured", `${whole(minutes)} minutes in all; each section says how often and how long`],
  ...Object.entries(versions).map(([name, version]) => [name, version])
]

const notMeasured = [
  "Networks: everything is on one machine, and what a network costs, which is more than most of this, comes on top for every side.",
  "AWS itself: DynamoDB is an emulator here. Its capacity units are counted as the emulator counts them, its latencies are its own.",
  "More than one process of a service, and more than one core for it. Services share nothing but their engines, but " +
  "that they scale is argued, not measured.",
  "Durability's price: the PostgreSQL server that all sides share doesn't wait for the disk (`fsync`, " +
  "`synchronous_commit` and `full_page_writes` are off), so that its disk isn't what is measured.",
  "Long runs: a window is seconds long. What builds up over days (vacuum, fragmentation) is not seen, but for the " +
  "memory under load where that was measured."
]

/** The page of documentation that a run writes. */
export const renderMarkdown = (report: BenchReport): string => {
  const { date, isQuick, pinning, sections } = report
  const aims = aimRows(sections)
  const behind = behindRows(sections)
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
    ...(behind.length === 0 ? [] : [
      "## Where Marginalia is behind",
      "",
      wrapped(
        "All rows, aimed at or not, whose median ratio is below 1, but for those beside the bare machine, which by their " +
          "nature are. Why is said in the sections, as far as it is known."
      ),
      "",
      ...markdownTable(["row", "against", "ratio"], behind),
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
