import { type Duration, Effect, Ref } from "effect"
import { fileURLToPath } from "node:url"
import type { SeedLine } from "../run/SeedLine.ts"
import { inSeedProcess } from "../run/seedProcess.ts"
import { mutantVariable } from "./hook.ts"
import type { Mutant } from "./Mutant.ts"
import { verdictOf } from "./Verdict.ts"

/** What a mutant is tried with. */
export interface TrialOptions {
  /** The seeds, in their order; the first that shows the mutant is the last that is run. */
  readonly seeds: ReadonlyArray<number>
  /** How long its process may take. */
  readonly timeLimit: Duration.Input
  /** What runs the seeds, if it isn't the simulation. */
  readonly program?: string
}

const nodeArguments = ["--import", fileURLToPath(new URL("hook.ts", import.meta.url))]

/**
 * Runs seeds with a mutant, or without any, in a process of their own. What is wrong with that process (it crashes, it can't
 * load the mutant, it comes to no end) is told apart from a catch. Fails only where it can't be started.
 */
export const tryMutant = Effect.fn("tryMutant")(function*(
  mutant: Pick<Mutant, "name"> | null,
  { seeds, ...options }: TrialOptions
) {
  const lines = yield* Ref.make<ReadonlyArray<SeedLine>>([])
  const ended = yield* inSeedProcess(
    { seeds, operations: null, untilFailed: true },
    { ...options, nodeArguments, environment: { [mutantVariable]: mutant?.name } },
    (line) => Ref.update(lines, (before) => [...before, line])
  )
  return verdictOf(yield* Ref.get(lines), ended)
})
