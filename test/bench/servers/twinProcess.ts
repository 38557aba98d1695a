import { Schema } from "effect"
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { findRow } from "../rows.ts"
import { TwinJob } from "./TwinJob.ts"

// A bare twin: plain node:http around what its row does, in a process of its own. It reads one job from its standard
// input, and ends when that ends, which it does when the run is over, however it ends.

const decodeJob = Schema.decodeUnknownSync(Schema.fromJsonString(TwinJob))

const serve = async (line: string): Promise<void> => {
  const job = decodeJob(line)
  const row = await findRow(job.row)
  const { listener, settled } = await row.twin(job.material, job.folder)
  const server = createServer((request, response) => {
    if (request.url === "/health/ready") return void response.end()
    if (request.url !== "/settled") return listener(request, response)
    void Promise.resolve(settled?.()).then(() => response.end())
  })
  server.listen(Number(process.env["PORT"]), process.env["HOST"])
}

const input = createInterface({ input: process.stdin })
input.once("line", (line) => {
  void serve(line).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
input.once("close", () => process.exit(0))
