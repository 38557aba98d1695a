import { Effect, Schema } from "effect"
import { createInterface } from "node:readline"
import type { WorkEngines } from "../work/WorkRow.ts"
import { type Grown, GrowthJob, GrowthOutcome, type GrowthScale } from "./GrowthJob.ts"

// One measurement of growth, in a process of its own. It reads a job from its standard input, and answers with a line.

const decodeJob = Schema.decodeUnknownSync(Schema.fromJsonString(GrowthJob))
const encodeOutcome = Schema.encodeSync(Schema.fromJsonString(GrowthOutcome))

type Measurement = (engines: WorkEngines, scale: GrowthScale) => Effect.Effect<Grown, Error>

const measurements: Readonly<Record<GrowthJob["name"], () => Promise<Measurement>>> = {
  stream: () => import("./streamGrowth.ts").then(({ streamGrowth }) => streamGrowth),
  picture: () => import("./pictureGrowth.ts").then(({ pictureGrowth }) => pictureGrowth),
  log: () => import("./logGrowth.ts").then(({ logGrowth }) => logGrowth),
  pictures: () => import("./picturesGrowth.ts").then(({ picturesGrowth }) => picturesGrowth),
  reconcile: () => import("./reconcileGrowth.ts").then(({ reconcileGrowth }) => reconcileGrowth)
}

const measure = async (line: string): Promise<GrowthOutcome> => {
  const { engines, name, scale } = decodeJob(line)
  const measuring = await measurements[name]()
  return GrowthOutcome.cases.Measured.make(await Effect.runPromise(measuring(engines, scale)))
}

const failed = (error: unknown): GrowthOutcome =>
  GrowthOutcome.cases.Failed.make({ why: error instanceof Error ? error.stack ?? error.message : String(error) })

const input = createInterface({ input: process.stdin })
input.once("line", (line) => {
  void measure(line).catch(failed).then((outcome) => {
    process.stdout.write(`${encodeOutcome(outcome)}\n`, () => process.exit(0))
  })
})
input.once("close", () => process.exit(1))
