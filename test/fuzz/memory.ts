import { Effect } from "effect"
import { CheckFailed } from "../infra/check/CheckFailed.ts"
import { Tools } from "../infra/check/toolProcess.ts"

interface Process {
  readonly pid: number
  readonly parent: number
  readonly megabytes: number
  readonly command: string
}

const parseProcesses = (output: string): ReadonlyArray<Process> =>
  output.split("\n").flatMap((line) => {
    const [, pid, parent, kilobytes, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)/.exec(line) ?? []
    if (command === undefined) return []
    return [{ pid: Number(pid), parent: Number(parent), megabytes: Math.round(Number(kilobytes) / 1024), command }]
  })

const withChildren = (all: ReadonlyArray<Process>, root: number): ReadonlyArray<Process> => {
  const own = all.filter(({ pid }) => pid === root)
  return [...own, ...all.filter(({ parent }) => parent === root).flatMap(({ pid }) => withChildren(all, pid))]
}

/** The resident memory of a process and of all that it has started, each in megabytes. */
export const memoryOf = Effect.fn("memoryOf")(function*(root: number | undefined) {
  const { pass } = yield* Tools
  const output = yield* pass({ command: "ps", arguments: ["-A", "-o", "pid=,ppid=,rss=,comm="] })
  const found = root === undefined ? [] : withChildren(parseProcesses(output), root)
  if (found.length > 0) return found
  return yield* new CheckFailed({ message: "The program's process isn't there any more." })
})
