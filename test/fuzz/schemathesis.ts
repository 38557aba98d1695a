import { Console, Effect, FileSystem, Ref, Stream } from "effect"
import { join } from "node:path"
import { CheckFailed } from "../infra/check/CheckFailed.ts"
import { infraFolder, project } from "../infra/check/folders.ts"
import { Tools } from "../infra/check/toolProcess.ts"
import { addLine, nothing, type Tally } from "./report.ts"

const ownFolder = join(project, "test/fuzz")

/** One run of Schemathesis against what listens at a URL. */
export interface Drive {
  /** Names the run's folder in `.infra/fuzz`, and its lines. */
  readonly name: string
  readonly url: string
  /** The most cases for an operation, or for the ways through several, in each phase that draws them by chance. */
  readonly examples: number
  readonly seed: number
}

/** What Schemathesis printed, how it ended, and what its report says. */
export interface Driven {
  readonly output: string
  readonly exitCode: number
  readonly tally: Tally
}

const newline = 0x0a

/** Reads on in a report that is being written, from where it was left the last time. */
const makeReader = Effect.fnUntraced(function*(path: string) {
  const files = yield* FileSystem.FileSystem
  const place = yield* Ref.make({ offset: 0, tally: nothing })
  const readOn = Effect.gen(function*() {
    const { offset, tally } = yield* Ref.get(place)
    if (!(yield* files.exists(path))) return tally
    const bytes = Buffer.concat(yield* Stream.runCollect(files.stream(path, { offset })))
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1)
    const lines = whole.toString("utf8").split("\n").filter((line) => line !== "")
    const grown = yield* Effect.try({
      try: () => lines.reduce(addLine, tally),
      catch: (error) => new CheckFailed({ message: `Schemathesis' report isn't as it is known: ${String(error)}` })
    })
    yield* Ref.set(place, { offset: offset + whole.length, tally: grown })
    return grown
  })
  return {
    readOn: readOn.pipe(Effect.catchTag("PlatformError", ({ message }) => Effect.fail(new CheckFailed({ message }))))
  }
})

const tellProgress = (name: string, readOn: Effect.Effect<Tally, CheckFailed>) =>
  readOn.pipe(
    Effect.delay("20 seconds"),
    Effect.tap(({ cases, phases }) =>
      Console.log(
        `                ${name}: ${cases} cases so far, ${[...phases.keys()].at(-1) ?? "reading the document"}`
      )
    ),
    Effect.forever
  )

/** Has Schemathesis drive every operation of the document that is served at a URL, as `schemathesis.toml` says. */
export const drive = Effect.fn("drive")(function*(programs: string, { examples, name, seed, url }: Drive) {
  const { run } = yield* Tools
  const files = yield* FileSystem.FileSystem
  const folder = join(infraFolder, "fuzz", name)
  yield* files.remove(folder, { recursive: true, force: true }).pipe(
    Effect.andThen(files.makeDirectory(folder, { recursive: true })),
    Effect.mapError(({ message }) => new CheckFailed({ message }))
  )
  const report = join(folder, "report.ndjson")
  const { readOn } = yield* makeReader(report)
  const result = yield* run({
    command: join(programs, "schemathesis"),
    arguments: [
      ["--config-file", join(ownFolder, "schemathesis.toml"), "run", `${url}/openapi.json`],
      // Without a filter, the operation that serves the document is left out.
      ["--include-path-regex", "^/"],
      ["--workers", "1", "--max-examples", String(examples), "--seed", String(seed)],
      ["--report", "ndjson", "--report-ndjson-path", report, "--no-color"]
    ].flat(),
    folder,
    environment: {
      FUZZ_FOLDER: ownFolder,
      PYTHONPATH: ownFolder,
      HYPOTHESIS_STORAGE_DIRECTORY: join(folder, "hypothesis"),
      PYTHONDONTWRITEBYTECODE: "1",
      COLUMNS: "120"
    }
  }).pipe(Effect.raceFirst(tellProgress(name, readOn)))
  const tally = yield* readOn
  yield* files.writeFileString(join(folder, "output.txt"), result.output).pipe(
    Effect.mapError(({ message }) => new CheckFailed({ message }))
  )
  const driven: Driven = { ...result, tally }
  return driven
})
