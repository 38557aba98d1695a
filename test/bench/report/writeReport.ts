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

/** Writes the page of documentation with its plots and the report; plots of an earlier run that are no more go. */
export const writeDocs = Effect.fn("writeDocs")(function*(report: BenchReport) {
  const files = yield* FileSystem.FileSystem
  const folder = `${docs}benchmark/`
  yield* files.remove(folder, { recursive: true, force: true })
  yield* writeJson(report, `${folder}report.json`)
  yield* Effect.forEach(
    report.sections.flatMap(({ plots }) => plots),
    (plot) => files.writeFileString(`${folder}${plot.name}.svg`, drawPlot(plot)),
    { discard: true }
  )
  yield* files.writeFileString(`${docs}benchmark.md`, renderMarkdown(report))
})
