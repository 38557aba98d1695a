import { Effect, Schema, Stream } from "effect"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"
import type { Pinning } from "../servers/pinning.ts"
import { spawnNode } from "../servers/spawnNode.ts"
import { GrowthJob, GrowthOutcome } from "./GrowthJob.ts"

const program = fileURLToPath(new URL("./growthProcess.ts", import.meta.url))
const encodeJob = Schema.encodeSync(Schema.fromJsonString(GrowthJob))
const decodeOutcome = Schema.decodeUnknownEffect(Schema.fromJsonString(GrowthOutcome))

/** How long one measurement may take. */
const patience = "4 minutes"

/** Measures how something grows, in a process of its own. */
export const runGrowth = Effect.fn("runGrowth")(function*(job: GrowthJob, pinning: Pinning) {
  const child = yield* spawnNode({
    name: `Growth of the ${job.name}`,
    prefix: pinning.prefix("server"),
    nodeArguments: [program],
    input: encodeJob(job)
  })
  const [said, complained] = yield* Effect.all([
    Stream.mkString(Stream.decodeText(child.stdout)),
    Stream.mkString(Stream.decodeText(child.stderr))
  ], { concurrency: 2 }).pipe(
    Effect.mapError((error) => new BenchError({ message: `${job.name} can't be heard: ${error.message}` })),
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail(new BenchError({ message: `${job.name}: not done after ${patience}` }))
    })
  )
  const outcome = yield* Effect.mapError(
    decodeOutcome(said.trim().split("\n").at(-1)),
    () => new BenchError({ message: `${job.name} broke down:\n${said}${complained}` })
  )
  if (outcome._tag === "Failed") return yield* new BenchError({ message: `${job.name}: ${outcome.why}` })
  return outcome
}, Effect.scoped)
