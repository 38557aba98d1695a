import { cpus } from "node:os"

/** Processor time of the whole machine, all cores together, in ms, since it was started. */
export interface MachineTime {
  readonly busy: number
  readonly idle: number
}

/** What all processes of the machine have used up to now. */
export const machineTime = (): MachineTime =>
  cpus().reduce(
    ({ busy, idle }, { times }) => ({
      busy: busy + times.user + times.nice + times.sys + times.irq,
      idle: idle + times.idle
    }),
    { busy: 0, idle: 0 }
  )
