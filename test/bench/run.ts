import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, DateTime, Effect, FileSystem, Option, Path, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { FetchHttpClient } from "effect/http"
import { BenchError } from "./BenchError.ts"
import { expectedSeconds, measureRow } from "./measureRow.ts"
import { BenchReport } from "./report/BenchReport.ts"
import { thisMachine } from "./report/Machine.ts"
import { renderReport } from "./report/renderReport.ts"
import { reportRow } from "./report/RowReport.ts"
import { reportWork } from "./report/WorkReport.ts"
import { findRow, rowNames } from "./rows.ts"
import { choosePinning, type Pinning } from "./servers/pinning.ts"
import { startWorkEngines } from "./servers/workEngines.ts"
import { measureVisibility, visibilityName } from "./stack/visibility.ts"
import { measureWork } from "./work/measureWork.ts"
import { findWorkRow, workRowNames } from "./work/workRows.ts"

const encodeReport = Schema.encodeEffect(Schema.fromJsonString(BenchReport))

const between = (minimum: number, maximum: number) => Schema.isBetween({ minimum, maximum })

const found = <A>(find: () => Promise<A>) =>
  Effect.tryPromise({
    try: find,
    catch: (error) => new BenchError({ message: error instanceof Error ? error.message : String(error) })
  })

const allNames = [...rowNames, ...workRowNames, visibilityName]

const measureAllWork = Effect.fnUntraced(function*(
  names: ReadonlyArray<string>,
  options: { readonly rounds: number; readonly pinning: Pinning }
) {
  if (names.length === 0) return [[], []] as const
  const engines = yield* startWorkEngines(options.pinning)
  const rows = yield* Effect.forEach(names, (name) => found(() => findWorkRow(name)))
  return yield* Effect.partition(rows, (row) =>
    measureWork(row, { ...options, engines }).pipe(
      Effect.map((rounds) => reportWork(row, rounds)),
      Effect.tapError(({ message }) => Console.error(`${row.name}  FAILED: ${message}`))
    ))
}, Effect.scoped)

const bench = Command.make(
  "bench",
  {
    rows: Flag.String("rows").pipe(
      Flag.withDescription(`A row to measure, or several with commas; all of them unless said: ${allNames.join(", ")}`),
      Flag.atLeast(0)
    ),
    rounds: Flag.Int("rounds").pipe(
      Flag.withDescription("How often each side is measured, in turn"),
      Flag.withSchema(Schema.Int.check(between(1, 100))),
      Flag.withDefault(5)
    ),
    seconds: Flag.Finite("seconds").pipe(
      Flag.withDescription("How long each window is"),
      Flag.withSchema(Schema.Finite.check(between(0.1, 300))),
      Flag.withDefault(4)
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
    profiles: Flag.String("profiles").pipe(
      Flag.withDescription("A folder for V8's profiles of the standalone program, which make it slower"),
      Flag.optional
    )
  },
  Effect.fnUntraced(function*({ connections, json, profiles, rounds, rows, seconds }) {
    const names = rows.length === 0 ? allNames : rows.flatMap((names) => names.split(","))
    const workNames = names.filter((name) => workRowNames.includes(name))
    const isVisibilityAsked = names.includes(visibilityName)
    const httpNames = names.filter((name) => name !== visibilityName && !workNames.includes(name))
    const asked = yield* Effect.forEach(httpNames, (name) => found(() => findRow(name)))
    const pinning = choosePinning()
    const options = { connections, pinning, profiles: Option.getOrUndefined(profiles), rounds, seconds }
    const minutes = (httpNames.length * expectedSeconds(options) + workNames.length * rounds * 15 + 30) / 60
    yield* Console.error(`${names.length} rows, about ${minutes.toFixed(1)} minutes. ${pinning.sentence}`)

    const date = DateTime.formatIso(yield* DateTime.now)
    const [measured, failed] = yield* Effect.partition(asked, (row) =>
      measureRow(row, options).pipe(
        Effect.map((rounds) => reportRow(row, rounds)),
        Effect.tapError(({ message }) => Console.error(`${row.name}  FAILED: ${message}`))
      ))
    const [work, workFailed] = yield* measureAllWork(workNames, { rounds, pinning })
    const visibility = isVisibilityAsked ? yield* measureVisibility : null
    const report: BenchReport = {
      date,
      machine: thisMachine(),
      pinning: pinning.sentence,
      rounds,
      secondsPerWindow: seconds,
      connections,
      rows: measured,
      work,
      visibility
    }
    yield* Console.log(renderReport(report))

    const files = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    yield* files.makeDirectory(path.dirname(json), { recursive: true })
    yield* files.writeFileString(json, `${yield* encodeReport(report)}\n`)
    yield* Console.error(`Written to ${json}`)
    const failures = failed.length + workFailed.length
    if (failures > 0) {
      return yield* new BenchError({ message: `${failures} of ${asked.length + workNames.length} rows failed` })
    }
  })
).pipe(Command.withDescription("Measure the standalone program beside bare node:http handlers that do the same I/O"))

bench.pipe(
  Command.run({ version: "0.1.0" }),
  Effect.tapError((error) => "message" in error ? Console.error(error.message) : Effect.void),
  Effect.provide([NodeServices.layer, FetchHttpClient.layer]),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
