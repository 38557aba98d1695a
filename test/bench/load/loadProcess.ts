import { Schema } from "effect"
import { createInterface } from "node:readline"
import { drive } from "./drive.ts"
import { findRequests } from "./findRequests.ts"
import { LoadJob, LoadReport } from "./LoadJob.ts"

// The load generator: a process of its own, so that it shares nothing with the server but the machine. It reads one job
// from its standard input, and ends when that ends, which it does when the run is over, however it ends.

const decodeJob = Schema.decodeUnknownSync(Schema.fromJsonString(LoadJob))
const encodeReport = Schema.encodeSync(Schema.fromJsonString(LoadReport))

const work = async (line: string): Promise<LoadReport> => {
  const job = decodeJob(line)
  return drive(job, await findRequests(job.row, job.material))
}

const failed = (error: unknown): LoadReport => ({
  _tag: "Failed",
  why: error instanceof Error ? error.message : String(error)
})

const input = createInterface({ input: process.stdin })
input.once("line", (line) => {
  void work(line).catch(failed).then((report) => {
    process.stdout.write(`${encodeReport(report)}\n`, () => process.exit(report._tag === "Measured" ? 0 : 1))
  })
})
input.once("close", () => process.exit(1))
