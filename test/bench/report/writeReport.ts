import { Effect, FileSystem, Path, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { drawPlot } from "../plots/drawPlot.ts"
import { BenchReport } from "./BenchReport.ts"
import { renderMarkdown } from "./renderMarkdown.ts"

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url))

const encodeReport = Schema.encodeEffect(Schema.fromJsonString(BenchReport, { space: 2 }))

/** Keeps a report as JSON. */
export const writeJson = Effect.fn("writeJson")(function*(report: BenchReport, file: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* files.makeDirectory(path.dirname(file), { recursive: true })
  yield* files.writeFileString(file, `${yield* encodeReport(report)}\n`)
})

/**
 * Writes the page of documentation with its plots and the report. Plots of an earlier run that are no more go at the end:
 * whatever fails before, the page that is there keeps all that it shows.
 */
export const writeDocs = Effect.fn("writeDocs")(function*(report: BenchReport) {
  const files = yield* FileSystem.FileSystem
  const folder = `${docs}benchmark/`
  const drawn = report.sections.flatMap(({ plots }) =>
    plots.map((plot) => [`${plot.name}.svg`, drawPlot(plot)] as const)
  )
  const page = renderMarkdown(report)
  yield* writeJson(report, `${folder}report.json`)
  yield* Effect.forEach(drawn, ([name, svg]) => files.writeFileString(`${folder}${name}`, svg), { discard: true })
  yield* files.writeFileString(`${docs}benchmark.md`, page)
  const written = new Set(["report.json", ...drawn.map(([name]) => name)])
  const old = (yield* files.readDirectory(folder)).filter((name) => !written.has(name))
  yield* Effect.forEach(old, (name) => files.remove(`${folder}${name}`, { recursive: true }), { discard: true })
})
