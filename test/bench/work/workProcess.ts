import { Schema } from "effect"
import { createInterface } from "node:readline"
import { WorkJob, WorkOutcome } from "./WorkRow.ts"
import { findWorkRow } from "./workRows.ts"

// One side of a row of work, in a process of its own. It reads one job from its standard input, and ends when that ends.

const decodeJob = Schema.decodeUnknownSync(Schema.fromJsonString(WorkJob))
const encodeOutcome = Schema.encodeSync(Schema.fromJsonString(WorkOutcome))

const work = async (line: string): Promise<WorkOutcome> => {
  const { engines, row: name, side } = decodeJob(line)
  const row = await findWorkRow(name)
  const before = process.cpuUsage()
  const done = await (side === "subject" ? row.subject(engines) : row.twin(engines))
  const { system, user } = process.cpuUsage(before)
  return { _tag: "Done", done, processorSeconds: (user + system) / 1e6 }
}

const failed = (error: unknown): WorkOutcome => ({
  _tag: "Failed",
  why: error instanceof Error ? error.stack ?? error.message : String(error)
})

const input = createInterface({ input: process.stdin })
input.once("line", (line) => {
  void work(line).catch(failed).then((outcome) => {
    process.stdout.write(`${encodeOutcome(outcome)}\n`, () => process.exit(outcome._tag === "Done" ? 0 : 1))
  })
})
input.once("close", () => process.exit(1))
