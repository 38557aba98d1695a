import { readFileSync } from "node:fs"
import { type CpuInfo, cpus } from "node:os"

/** Processor time of the whole machine, all cores together, in ms, since it was started. */
export interface MachineTime {
  readonly busy: number
  readonly idle: number
}

const timeOf = (cores: ReadonlyArray<CpuInfo>): MachineTime =>
  cores.reduce(
    ({ busy, idle }, { times }) => ({
      busy: busy + times.user + times.nice + times.sys + times.irq,
      idle: idle + times.idle
    }),
    { busy: 0, idle: 0 }
  )

/**
 * What all processes of one core have used up to now: of the one that this process is kept on. Null where it may run on
 * several, or the system doesn't say: `Cpus_allowed_list`, proc_pid_status(5).
 */
export const ownCoreTime = (): MachineTime | null => {
  try {
    const [, core] = /^Cpus_allowed_list:\s*(\d+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? []
    const found = core === undefined ? undefined : cpus()[Number(core)]
    return found === undefined ? null : timeOf([found])
  } catch {
    return null
  }
}

/** What all processes of the machine have used up to now. */
export const machineTime = (): MachineTime => timeOf(cpus())
