import { Schema } from "effect"
import { cpus, release, totalmem } from "node:os"

/** Where a run took place. */
export const Machine = Schema.Struct({
  processor: Schema.String,
  cores: Schema.Int,
  memoryGiB: Schema.Finite,
  system: Schema.String,
  node: Schema.String
})
export type Machine = typeof Machine.Type

/** The machine that this process runs on. */
export const thisMachine = (): Machine => {
  const processors = cpus()
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.version
  }
}
