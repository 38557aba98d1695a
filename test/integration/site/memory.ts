import { Effect } from "effect"
import { programs } from "../../../src/programs/stack/programs.ts"
import { processes } from "./processTable.ts"
import { Site } from "./Site.ts"

/** What a program has in memory, and which process it is. */
export interface ProgramMemory {
  readonly program: string
  readonly pid: number
  readonly residentBytes: number
  /** What it had when it had just been started. */
  readonly startBytes: number
}

/** What each program of the site has in memory now. */
export const memoryNow = Effect.gen(function*() {
  const site = yield* Site
  const all = yield* processes
  return programs.map((program): ProgramMemory => {
    const pid = site.programs[program].pid()
    const residentBytes = all.find((one) => one.pid === pid)?.residentBytes ?? 0
    return { program, pid, residentBytes, startBytes: site.programs[program].startBytes() }
  })
})
