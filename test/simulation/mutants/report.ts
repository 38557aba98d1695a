import { alignColumns } from "../../bench/report/alignColumns.ts"
import type { Mutant } from "./Mutant.ts"
import { Verdict } from "./Verdict.ts"

/** A mutant, what became of it, and how long that took. */
export interface Result {
  readonly mutant: Pick<Mutant, "name" | "guarantee">
  readonly verdict: Verdict
  readonly seconds: number
}

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

/** What became of a mutant, in a few words. */
export const describeVerdict: (verdict: Verdict) => string = Verdict.$match({
  Caught: ({ rules, seed }) => `caught by rule ${rules}, seed ${seed}`,
  Survived: () => "SURVIVED",
  Broke: ({ reason }) => `NOT CAUGHT, the simulation broke: ${shortened(reason.replaceAll(/\s+/g, " "), 200)}`,
  OutOfTime: ({ seed }) => `NOT CAUGHT, out of time at seed ${seed}`,
  Ended: ({ reason }) => `NOT CAUGHT, ${reason}`
})

const seedsOf: (verdict: Verdict) => string = Verdict.$match({
  Caught: ({ seeds }) => String(seeds),
  Survived: ({ seeds }) => String(seeds),
  Broke: ({ seeds }) => String(seeds),
  OutOfTime: ({ seeds }) => String(seeds),
  Ended: () => "-"
})

const rulesOf = (verdict: Verdict): string => verdict._tag === "Caught" ? verdict.rules : "-"

/** The table: each mutant with its guarantee, the rule that caught it, how many seeds that took, and how long. */
export const reportOf = (results: ReadonlyArray<Result>): string =>
  alignColumns([
    ["mutant: the guarantee that is removed", "rule", "seeds", "seconds"],
    ...results.map(({ mutant: { guarantee, name }, seconds, verdict }) => [
      `${name}: ${guarantee}`,
      rulesOf(verdict),
      seedsOf(verdict),
      seconds.toFixed(1)
    ])
  ]).join("\n")
