import { type Option, Result } from "effect"
import { type Plan, planOf } from "./Plan.ts"

/** What was said on the command line. */
export interface Said {
  readonly seeds: Option.Option<number>
  readonly from: Option.Option<number>
  readonly operations: Option.Option<number>
  readonly one: Option.Option<number>
  readonly trace: boolean
  readonly kinds: ReadonlyArray<string>
  readonly calm: boolean
  readonly keep: Option.Option<string>
}

/** What is to be run. */
export type Chosen =
  | { readonly _tag: "Many"; readonly from: number; readonly count: number; readonly operations: number | undefined }
  | { readonly _tag: "One"; readonly plan: Plan; readonly trace: boolean }

const usualSeeds = 1_000

const numbersIn = (list: string): ReadonlyArray<number> => list === "none" ? [] : list.split(",").map(Number)

// Whoever replays a failure must not take something else that ran for it.
const partOf = (whole: Plan, { calm, keep, kinds }: Said): Result.Result<Plan, string> => {
  const { faults, incidents, seed } = whole
  const all = [...faults, ...incidents]
  const unknown = kinds.find((kind) => !all.some((known) => known === kind))
  if (unknown !== undefined) {
    return Result.fail(`Seed ${seed} has nothing of the kind "${unknown}": it has ${all.join(", ") || "none"}.`)
  }
  const operations = Array.from({ length: whole.operations }, (_, number) => number)
  const kept = keep._tag === "None" ? operations : numbersIn(keep.value)
  const beyond = kept.find((number) => number >= whole.operations)
  if (beyond !== undefined) {
    return Result.fail(`There is no operation ${beyond} to keep: they are numbered from 0 to ${whole.operations - 1}.`)
  }
  const strikes = (kind: string) => !calm && (kinds.length === 0 || kinds.includes(kind))
  return Result.succeed({
    ...whole,
    faults: new Set(Array.from(faults).filter(strikes)),
    incidents: new Set(Array.from(incidents).filter(strikes)),
    dropped: new Set(operations.filter((number) => !kept.includes(number)))
  })
}

/** What is to be run according to the command line, or a sentence that says why nothing is. */
export const choose = (said: Said): Result.Result<Chosen, string> => {
  const { calm, from, keep, kinds, one, operations, seeds, trace } = said
  const each = operations._tag === "None" ? undefined : operations.value
  if (one._tag === "None") {
    if (trace || calm || kinds.length > 0 || keep._tag === "Some") {
      return Result.fail("--trace, --with, --calm and --keep are about one seed: say which with --seed.")
    }
    const first = from._tag === "None" ? 1 : from.value
    const count = seeds._tag === "None" ? usualSeeds : seeds.value
    return Result.succeed({ _tag: "Many", from: first, count, operations: each })
  }
  if (seeds._tag === "Some" || from._tag === "Some") {
    return Result.fail("--seed is one seed, --seeds and --from are many: say the one or the other.")
  }
  if (calm && kinds.length > 0) return Result.fail("Under --calm nothing strikes, so nothing can be said with --with.")
  return Result.map(partOf(planOf(one.value, each), said), (plan) => ({ _tag: "One", plan, trace }))
}
