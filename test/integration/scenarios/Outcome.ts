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

/** By how much a process may grow from its start on, in bytes: what a busy V8 takes for itself, and nothing that piles up. */
export const growthAllowed = 200 * 2 ** 20

const growthOf = ({ residentBytes, startBytes }: ProgramMemory): number => residentBytes - startBytes

/** What is wrong with how a scenario went, as sentences; none if nothing is. */
export const complaintsOf = (
  { convergedIn, findings, memory, recoveries, violations }: Outcome
): ReadonlyArray<string> => [
  ...findings,
  ...violations.map(({ detail, promise }) => `${promise}: ${detail}`),
  ...(convergedIn === null ? ["Log, inbox and read model didn't come to say the same."] : []),
  ...(recoveries.includes(null) ? ["Not everything went well again while people worked."] : []),
  ...memory.after.filter((one) => growthOf(one) > growthAllowed).map((one) =>
    `The ${one.program} has grown by ${Math.round(growthOf(one) / 2 ** 20)} MiB since its start.`
  )
]
