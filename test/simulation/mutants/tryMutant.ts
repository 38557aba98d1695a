import { type Duration, Effect, Option, Ref, Schema, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { mutantVariable } from "./hook.ts"
import type { Mutant } from "./Mutant.ts"
import { type Trial, TrialLine } from "./Trial.ts"
import { type Verdict, verdictOf } from "./Verdict.ts"

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** What a mutant is tried with. */
export interface TrialOptions {
  /** The seeds, in their order; the first that shows the mutant is the last that is run. */
  readonly seeds: ReadonlyArray<number>
  /** How long its process may take. */
  readonly timeLimit: Duration.Input
  /** What runs the seeds. */
  readonly program?: string
}

const decodeLine = Schema.decodeUnknownOption(TrialLine)

/**
 * Runs seeds with a mutant, or without any, in a process of their own. What is wrong with that process (it crashes, it can't
 * load the mutant, it comes to no end) is told apart from a catch. Fails only where it can't be started.
 */
export const tryMutant = Effect.fn("tryMutant")(function*(
  mutant: Pick<Mutant, "name"> | null,
  { program = fileOf("trySeeds.ts"), seeds, timeLimit }: TrialOptions
) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const trials = yield* Ref.make<ReadonlyArray<Trial>>([])
  const errors = yield* Ref.make("")
  const handle = yield* spawner.spawn(
    ChildProcess.make(process.execPath, ["--import", fileOf("hook.ts"), program, seeds.join(",")], {
      env: { [mutantVariable]: mutant?.name, NODE_OPTIONS: undefined },
      extendEnv: true,
      stdin: "ignore",
      forceKillAfter: "1 second"
    })
  )
  const lines = handle.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.runForEach((line) =>
      Option.match(decodeLine(line), {
        onNone: () => Effect.void,
        onSome: (trial) => Ref.update(trials, (before) => [...before, trial])
      })
    )
  )
  const stderr = handle.stderr.pipe(
    Stream.decodeText(),
    Stream.runForEach((text) => Ref.update(errors, (said) => said + text))
  )
  const ended = Effect.all([lines, stderr, handle.exitCode], { concurrency: "unbounded" })
  const exitCode = yield* Effect.timeoutOption(ended, timeLimit)
  return verdictOf(
    yield* Ref.get(trials),
    Option.match(exitCode, { onNone: () => null, onSome: ([, , code]) => Number(code) }),
    yield* Ref.get(errors)
  ) satisfies Verdict
}, Effect.scoped)
