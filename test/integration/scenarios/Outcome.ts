import type { Violation } from "../../simulation/history/Violation.ts"
import type { Availability } from "../measure/availability.ts"
import type { Recovery } from "../measure/recovery.ts"
import type { ProgramMemory } from "../site/memory.ts"

/** How a scenario went. */
export interface Outcome {
  readonly name: string
  readonly title: string
  readonly availability: ReadonlyArray<Availability>
  /** Of each time that it was done: until it was over for everybody. */
  readonly recoveries: ReadonlyArray<Recovery>
  /** In milliseconds; null where it took too long. */
  readonly convergedIn: number | null
  /** How many commits there are of it in the log. */
  readonly commits: number
  readonly violations: ReadonlyArray<Violation>
  readonly findings: ReadonlyArray<string>
  readonly memory: { readonly before: ReadonlyArray<ProgramMemory>; readonly after: ReadonlyArray<ProgramMemory> }
}

/** By how much a program may grow in one scenario, in bytes: what a busy V8 takes for itself, and nothing that piles up. */
export const growthAllowed = 200 * 2 ** 20

/** What is wrong with how a scenario went, as sentences; none if nothing is. */
export const complaintsOf = (
  { convergedIn, findings, memory, recoveries, violations }: Outcome
): ReadonlyArray<string> => [
  ...findings,
  ...violations.map(({ detail, promise }) => `${promise}: ${detail}`),
  ...(convergedIn === null ? ["Log, inbox and read model didn't come to say the same."] : []),
  ...(recoveries.includes(null) ? ["Not everything went well again while people worked."] : []),
  ...memory.after.flatMap(({ pid, program, residentBytes }) => {
    const before = memory.before.find((one) => one.pid === pid)
    const grown = before === undefined ? 0 : residentBytes - before.residentBytes
    return grown > growthAllowed ? [`The ${program} has grown by ${Math.round(grown / 2 ** 20)} MiB.`] : []
  })
]
