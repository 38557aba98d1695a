import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Console, DateTime, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { FetchHttpClient } from "effect/http"
import { BenchError } from "./BenchError.ts"
import type { BenchReport } from "./report/BenchReport.ts"
import { thisMachine } from "./report/Machine.ts"
import { renderConsole } from "./report/renderConsole.ts"
import type { Section } from "./report/Section.ts"
import { versionsHere } from "./report/versions.ts"
import { writeDocs, writeJson } from "./report/writeReport.ts"
import { planOf, sectionsWith } from "./sections/plan.ts"
import type { SectionDefinition, SectionOptions } from "./sections/SectionDefinition.ts"
import { findSection, sectionNames } from "./sections/sections.ts"
import { choosePinning } from "./servers/pinning.ts"

const between = (minimum: number, maximum: number) => Schema.isBetween({ minimum, maximum })

const namesOf = (values: ReadonlyArray<string>): ReadonlyArray<string> => values.flatMap((names) => names.split(","))

// What a section that broke down as a whole leaves in the report.
const broken = ({ name, title }: SectionDefinition, why: string): Section => ({
  name,
  title,
  text: [],
  comparisons: [],
  tables: [],
  plots: [],
  notes: [],
  failures: [why]
})

const measured = Effect.fnUntraced(function*(section: SectionDefinition, options: SectionOptions) {
  yield* Console.error(`\n${planOf([section], options).split("\n")[0] ?? section.title}`)
  const done = yield* section.measure(options).pipe(
    Effect.catchDefect((defect) => new BenchError({ message: `${section.name} broke down: ${String(defect)}` })),
    Effect.tapError(({ message }) => Console.error(`FAILED  ${message}`)),
    Effect.catch(({ message }) => Effect.succeed(broken(section, message)))
  )
  return { ...done, windows: section.windows(options) }
})

const flags = {
  sections: Flag.String("sections").pipe(
    Flag.withDescription(
      `A part to measure, or several with commas; all of them unless said: ${sectionNames.join(", ")}`
    ),
    Flag.atLeast(0)
  ),
  rows: Flag.String("rows").pipe(
    Flag.withDescription("Only these rows of the sections, by their names, with commas"),
    Flag.atLeast(0)
  ),
  quick: Flag.Boolean("quick").pipe(
    Flag.withDescription("A smoke run of a minute or two, whose numbers say little"),
    Flag.withDefault(false)
  ),
  rounds: Flag.Int("rounds").pipe(
    Flag.withDescription("How often each side is measured, in turn; 3 unless said, 1 in a quick run"),
    Flag.withSchema(Schema.Int.check(between(1, 100))),
    Flag.optional
  ),
  seconds: Flag.Finite("seconds").pipe(
    Flag.withDescription("How long each window is; 0.8 unless said, 0.5 in a quick run"),
    Flag.withSchema(Schema.Finite.check(between(0.1, 300))),
    Flag.optional
  ),
  connections: Flag.Int("connections").pipe(
    Flag.withDescription("How many connections are open at once, with one request in flight each"),
    Flag.withSchema(Schema.Int.check(between(1, 512))),
    Flag.withDefault(32)
  ),
  json: Flag.String("json").pipe(
    Flag.withDescription("Where the report is written as JSON"),
    Flag.withDefault(".bench/report.json")
  ),
  writeDocs: Flag.Boolean("write-docs").pipe(
    Flag.withDescription("Write docs/benchmark.md and its plots, as a run does that is neither quick nor a part"),
    Flag.withDefault(false)
  )
}

const bench = Command.make(
  "bench",
  flags,
  Effect.fnUntraced(function*({ connections, json, quick: isQuick, ...given }) {
    const rows = namesOf(given.rows)
    const names = given.sections.length === 0 ? sectionNames : namesOf(given.sections)
    const found = yield* Effect.forEach(names, (name) =>
      Effect.tryPromise({
        try: () => findSection(name),
        catch: (error) => new BenchError({ message: error instanceof Error ? error.message : String(error) })
      }))
    const options: SectionOptions = {
      isQuick,
      rounds: Option.getOrElse(given.rounds, () => isQuick ? 1 : 3),
      seconds: Option.getOrElse(given.seconds, () => isQuick ? 0.5 : 0.8),
      connections,
      pinning: choosePinning(),
      rows
    }
    const sections = yield* sectionsWith(found, rows)
    yield* Console.error(`${planOf(sections, options)}\n${options.pinning.sentence}`)

    const begun = yield* Clock.currentTimeMillis
    const date = DateTime.formatIso(yield* DateTime.now)
    const done = yield* Effect.forEach(sections, (section) => measured(section, options))
    const report: BenchReport = {
      date,
      machine: thisMachine(),
      versions: yield* versionsHere,
      pinning: options.pinning.sentence,
      isQuick,
      rounds: options.rounds,
      secondsPerWindow: options.seconds,
      connections,
      minutes: ((yield* Clock.currentTimeMillis) - begun) / 60_000,
      sections: done
    }
    yield* Console.log(renderConsole(report))
    yield* writeJson(report, json)
    yield* Console.error(`Written to ${json}`)
    const isWhole = !isQuick && rows.length === 0 && given.sections.length === 0
    if (given.writeDocs || isWhole) {
      yield* writeDocs(report)
      yield* Console.error("Written to docs/benchmark.md and docs/benchmark/")
    }
    const failures = done.flatMap(({ failures }) => failures)
    if (failures.length > 0) {
      return yield* new BenchError({ message: `Not all could be measured:\n  ${failures.join("\n  ")}` })
    }
  })
).pipe(
  Command.withDescription("Measure Marginalia beside a traditional service, other event stores, and the bare machine")
)

bench.pipe(
  Command.run({ version: "0.1.0" }),
  Effect.tapError((error) => "message" in error ? Console.error(error.message) : Effect.void),
  Effect.provide([NodeServices.layer, FetchHttpClient.layer]),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
