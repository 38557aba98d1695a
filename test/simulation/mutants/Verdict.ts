import { Data } from "effect"
import type { Trial } from "./Trial.ts"

/** What became of a mutant. Only the first is a catch. */
export type Verdict = Data.TaggedEnum<{
  /** A history broke a promise under this seed, after so many. */
  Caught: { readonly seed: number; readonly seeds: number; readonly rules: string; readonly promise: string }
  /** So many seeds showed nothing. */
  Survived: { readonly seeds: number }
  /** The simulation broke under some seeds, and showed nothing under the others. */
  Broke: { readonly seeds: number; readonly reason: string }
  /** The time was over while this seed was run. */
  OutOfTime: { readonly seed: number; readonly seeds: number }
  /** The process ended without a result. */
  Ended: { readonly reason: string }
}>
export const Verdict = Data.taggedEnum<Verdict>()

/** What a process' lines come to, and how it ended: null if it had to be ended. */
export const verdictOf = (trials: ReadonlyArray<Trial>, exitCode: number | null, said: string): Verdict => {
  const begun = trials.filter((trial) => trial._tag === "Begun")
  const seeds = begun.length
  const caught = trials.find((trial) => trial._tag === "Caught")
  if (caught !== undefined) {
    const { promise, rules, seed } = caught
    return Verdict.Caught({ seed, seeds, rules: rules.join(", "), promise })
  }
  if (exitCode === null) return Verdict.OutOfTime({ seed: begun.at(-1)?.seed ?? 0, seeds })
  const isOver = trials.some((trial) => trial._tag === "Survived")
  if (exitCode !== 0 || !isOver) {
    return Verdict.Ended({ reason: `the process ended with ${exitCode}: ${said.trim().slice(-2000)}` })
  }
  const broke = trials.find((trial) => trial._tag === "Broke")
  return broke === undefined ? Verdict.Survived({ seeds }) : Verdict.Broke({ seeds, reason: broke.reason })
}
