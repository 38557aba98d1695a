import { readdirSync, readFileSync } from "node:fs"

/** Processor time that a process has used, in ms. */
export interface CpuTime {
  readonly mainThread: number
  readonly otherThreads: number
}

/**
 * What a process has used up to now, or null where the system doesn't say: the first number of each thread's `schedstat`
 * is its time on a processor in ns (https://docs.kernel.org/scheduler/sched-stats.html). What ended threads used is gone.
 */
export const cpuTimeOf = (pid: number): CpuTime | null => {
  try {
    let [mainThread, otherThreads] = [0, 0]
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const millis = Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ")[0]) / 1e6
      if (thread === String(pid)) mainThread += millis
      else otherThreads += millis
    }
    return { mainThread, otherThreads }
  } catch {
    return null
  }
}

/** What several processes have used up to now, all together; null where the system doesn't say of one of them. */
export const cpuTimeOfAll = (pids: ReadonlyArray<number>): CpuTime | null =>
  pids.map(cpuTimeOf).reduce<CpuTime | null>(
    (sum, one) =>
      sum === null || one === null
        ? null
        : { mainThread: sum.mainThread + one.mainThread, otherThreads: sum.otherThreads + one.otherThreads },
    { mainThread: 0, otherThreads: 0 }
  )
