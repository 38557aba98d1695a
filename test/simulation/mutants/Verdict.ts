import { Data } from "effect"
import type { SeedLine } from "../run/SeedLine.ts"
import type { Ended } from "../run/seedProcess.ts"

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

/** What the lines of a process come to, and how it ended. */
export const verdictOf = (lines: ReadonlyArray<SeedLine>, { exitCode, said }: Ended): Verdict => {
  const begun = lines.filter((line) => line._tag === "Begun")
  const seeds = begun.length
  const failed = lines.find((line) => line._tag === "Failed")
  if (failed !== undefined) {
    const { promise, rules, seed } = failed
    return Verdict.Caught({ seed, seeds, rules: rules.join(", "), promise })
  }
  if (exitCode === null) return Verdict.OutOfTime({ seed: begun.at(-1)?.seed ?? 0, seeds })
  if (exitCode !== 0 || !lines.some((line) => line._tag === "Over")) {
    return Verdict.Ended({ reason: `the process ended with ${exitCode}: ${said.slice(-2000)}` })
  }
  const broke = lines.find((line) => line._tag === "Broke")
  return broke === undefined ? Verdict.Survived({ seeds }) : Verdict.Broke({ seeds, reason: broke.reason })
}
