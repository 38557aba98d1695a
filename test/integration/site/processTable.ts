import { Effect, Schedule } from "effect"
import { spawnSync } from "node:child_process"
import process from "node:process"

/** A process of this machine. */
export interface ListedProcess {
  readonly pid: number
  readonly parent: number
  /** What it has in memory, in bytes. */
  readonly residentBytes: number
  /** Whether a signal has stopped it. */
  readonly isStopped: boolean
  /** How it was started, or what it calls itself. */
  readonly command: string
}

/** The processes of a listing by `ps`. What has ended and waits to be buried isn't one any more. */
export const parseProcesses = (listing: string): ReadonlyArray<ListedProcess> =>
  Array.from(
    listing.matchAll(/^ *(\d+) +(\d+) +(\d+) +([^Z\s]\S*) +(.*)$/gm),
    ([, pid, parent, kibibytes, state = "", command = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      residentBytes: Number(kibibytes) * 1024,
      isStopped: state.startsWith("T"),
      command
    })
  )

/** All processes of this machine. */
export const processes: Effect.Effect<ReadonlyArray<ListedProcess>> = Effect.sync(() =>
  parseProcesses(spawnSync("ps", ["-A", "-o", "pid=,ppid=,rss=,stat=,args="], { encoding: "utf8" }).stdout)
)

/** The children of this process that were started so, and their children. */
export const familyOf = (words: ReadonlyArray<string>) =>
  Effect.map(processes, (all) => {
    const own = all.filter(({ command, parent }) =>
      parent === process.pid && words.every((word) => command.includes(word))
    )
    const parents = new Set(own.map(({ pid }) => pid))
    return [...own, ...all.filter(({ parent }) => parents.has(parent))]
  })

/** Sends a signal; whoever isn't there any more doesn't get it. */
export const signal = (pids: ReadonlyArray<number>, name: NodeJS.Signals) =>
  Effect.forEach(pids, (pid) => Effect.ignore(Effect.try(() => process.kill(pid, name))), { discard: true })

/** Waits until none of them is there any more. */
export const untilGone = (pids: ReadonlyArray<number>) =>
  processes.pipe(
    Effect.repeat({
      until: (all) => !all.some(({ pid }) => pids.includes(pid)),
      schedule: Schedule.spaced("20 millis")
    }),
    Effect.asVoid
  )
