import { Effect, Schema, Stream } from "effect"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"
import type { Pinning } from "../servers/pinning.ts"
import { spawnNode } from "../servers/spawnNode.ts"
import { LoadJob, LoadReport } from "./LoadJob.ts"

const program = fileURLToPath(new URL("./loadProcess.ts", import.meta.url))
const encodeJob = Schema.encodeSync(Schema.fromJsonString(LoadJob))
const decodeReport = Schema.decodeUnknownEffect(Schema.fromJsonString(LoadReport))

/** How long starting, the last answers and ending may take, beside the window itself. */
const leeway = 60

/** Sends one window's load from a process of its own, and tells what it measured. */
export const runLoad = Effect.fn("runLoad")(function*(job: LoadJob, pinning: Pinning) {
  const child = yield* spawnNode({
    name: "The load generator",
    prefix: pinning.prefix("load"),
    nodeArguments: [program],
    input: encodeJob(job)
  })
  const [said, complained] = yield* Effect.all([
    Stream.mkString(Stream.decodeText(child.stdout)),
    Stream.mkString(Stream.decodeText(child.stderr))
  ], { concurrency: 2 }).pipe(
    Effect.mapError((error) => new BenchError({ message: `The load generator can't be heard: ${error.message}` })),
    Effect.timeoutOrElse({
      duration: (job.warmUpSeconds + job.seconds + leeway) * 1000,
      orElse: () => new BenchError({ message: `${job.row}: the load generator did not end in time` })
    })
  )
  const report = yield* Effect.mapError(
    decodeReport(said),
    () => new BenchError({ message: `${job.row}: the load generator broke down:\n${said}${complained}` })
  )
  if (report._tag === "Failed") return yield* new BenchError({ message: `${job.row}: ${report.why}` })
  return report
}, Effect.scoped)
