import { type Duration, Effect, Option, Ref, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import type { SeedLine, SeedRequest } from "./SeedLine.ts"
import { argumentOf, heard } from "./seedLines.ts"

/** How a process is started that runs seeds. */
export interface SeedProcess {
  /** What Node is given before the program: those of this process, if left out. */
  readonly nodeArguments?: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** What runs the seeds: `runSeeds.ts`, if left out. */
  readonly program?: string
  /** How long it may take. */
  readonly timeLimit: Duration.Input
}

/** How such a process ended: null for the code if it took too long, and was ended. */
export interface Ended {
  readonly exitCode: number | null
  /** What it complained about. */
  readonly said: string
}

const runSeeds = fileURLToPath(new URL("runSeeds.ts", import.meta.url))

/** Runs seeds in a process of their own, and hands over what it says as it says it. It is ended with this effect. */
export const inSeedProcess = Effect.fn("inSeedProcess")(function*(
  request: SeedRequest,
  { environment = {}, nodeArguments = process.execArgv, program = runSeeds, timeLimit }: SeedProcess,
  onLine: (line: SeedLine) => Effect.Effect<void>
) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const said = yield* Ref.make("")
  const handle = yield* spawner.spawn(
    ChildProcess.make(process.execPath, [...nodeArguments, program, argumentOf(request)], {
      env: { ...environment, NODE_OPTIONS: undefined },
      extendEnv: true,
      stdin: "ignore",
      forceKillAfter: "1 second"
    })
  )
  const lines = handle.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.runForEach((line) => Option.match(heard(line), { onNone: () => Effect.void, onSome: onLine }))
  )
  const complaints = handle.stderr.pipe(
    Stream.decodeText(),
    Stream.runForEach((text) => Ref.update(said, (before) => (before + text).slice(-4000)))
  )
  const ended = Effect.all([lines, complaints, handle.exitCode], { concurrency: "unbounded" })
  const exit = yield* Effect.timeoutOption(ended, timeLimit)
  const result: Ended = {
    exitCode: Option.match(exit, { onNone: () => null, onSome: ([, , code]) => Number(code) }),
    said: (yield* Ref.get(said)).trim()
  }
  return result
}, Effect.scoped)
