import { Console, Effect, Schema, Stream } from "effect"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"
import type { Pinning } from "../servers/pinning.ts"
import { spawnNode } from "../servers/spawnNode.ts"
import { type WorkEngines, WorkJob, WorkOutcome, type WorkRow } from "./WorkRow.ts"

const program = fileURLToPath(new URL("./workProcess.ts", import.meta.url))
const encodeJob = Schema.encodeSync(Schema.fromJsonString(WorkJob))
const decodeOutcome = Schema.decodeUnknownEffect(Schema.fromJsonString(WorkOutcome))

/** How long one side of one round may take. */
const patience = "3 minutes"

/** What one side did in one round. */
export interface WorkSample {
  readonly perSecond: number
  /** The processor time of its process for each thing done, in µs. What the engines used isn't in it. */
  readonly microsEach: number
}

/** What both sides did in one round. */
export interface WorkRound {
  readonly subject: WorkSample
  readonly twin: WorkSample
}

const runSide = Effect.fn("runSide")(function*(
  row: WorkRow,
  side: "subject" | "twin",
  engines: WorkEngines,
  pinning: Pinning
) {
  const child = yield* spawnNode({
    name: `${row.name} (${side})`,
    prefix: pinning.prefix("server"),
    nodeArguments: [program],
    // The engine believes anybody.
    environment: { AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" },
    input: encodeJob({ row: row.name, side, engines })
  })
  const [said, complained] = yield* Effect.all([
    Stream.mkString(Stream.decodeText(child.stdout)),
    Stream.mkString(Stream.decodeText(child.stderr))
  ], { concurrency: 2 }).pipe(
    Effect.mapError((error) => new BenchError({ message: `${row.name} can't be heard: ${error.message}` })),
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail(new BenchError({ message: `${row.name}: not done after ${patience}` }))
    })
  )
  const outcome = yield* Effect.mapError(
    decodeOutcome(said.trim().split("\n").at(-1)),
    () => new BenchError({ message: `${row.name} broke down:\n${said}${complained}` })
  )
  if (outcome._tag === "Failed") return yield* new BenchError({ message: `${row.name}: ${outcome.why}` })
  const { done: { amount, seconds }, processorSeconds } = outcome
  return { perSecond: amount / seconds, microsEach: (processorSeconds * 1e6) / amount } satisfies WorkSample
}, Effect.scoped)

/** Measures a row of work in several rounds, each side in turn. */
export const measureWork = Effect.fn("measureWork")(function*(
  row: WorkRow,
  options: { readonly rounds: number; readonly pinning: Pinning; readonly engines: WorkEngines }
) {
  const { engines, pinning, rounds } = options
  return yield* Effect.forEach(
    Array.from({ length: rounds }, (_, index) => index + 1),
    (round) =>
      Effect.gen(function*() {
        const subject = yield* runSide(row, "subject", engines, pinning)
        const twin = yield* runSide(row, "twin", engines, pinning)
        yield* Console.error(
          `${row.name}  round ${round} of ${rounds}  ${subject.perSecond.toFixed(0)} ${row.unit}/s, ${row.twinTitle} ${
            twin.perSecond.toFixed(0)
          }`
        )
        return { subject, twin } satisfies WorkRound
      })
  )
})
