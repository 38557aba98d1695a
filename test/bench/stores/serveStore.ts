import { Schema } from "effect"
import { createInterface } from "node:readline"
import { WorkEngines } from "../work/WorkRow.ts"
import { deliver, project } from "./costs.ts"
import { streamOf } from "./events.ts"
import type { StoreDriver } from "./StoreDriver.ts"
import { StoreJob, StoreOutcome } from "./StoreJob.ts"
import { units } from "./unitCosts.ts"
import { append, contend, load, mix } from "./workloads.ts"

const decodeEngines = Schema.decodeUnknownSync(Schema.fromJsonString(WorkEngines))
const decodeJob = Schema.decodeUnknownSync(Schema.fromJsonString(StoreJob))
const encodeOutcome = Schema.encodeSync(Schema.fromJsonString(StoreOutcome))

const { Failed, Filled, Worked } = StoreOutcome.cases

const fill = async <End>(
  driver: StoreDriver<End>,
  { events, set, streams }: Extract<StoreJob, { readonly _tag: "Fill" }>
): Promise<StoreOutcome> => {
  await driver.fill(Array.from({ length: streams }, (_, number) => streamOf(set, number)), events)
  return Filled.make({})
}

const run = <End>(driver: StoreDriver<End>, job: StoreJob): Promise<StoreOutcome> =>
  StoreJob.match(job, {
    Append: (job) => append(driver, job).then((work) => Worked.make(work)),
    Contend: (job) => contend(driver, job).then((work) => Worked.make(work)),
    Fill: (job) => fill(driver, job),
    Load: (job) => load(driver, job).then((work) => Worked.make(work)),
    Mix: (job) => mix(driver, job).then((work) => Worked.make(work)),
    Units: (job) => units(driver, job),
    Deliver: (job) => deliver(driver, job),
    Project: (job) => project(driver, job)
  })

const failed = (error: unknown): StoreOutcome =>
  Failed.make({ why: error instanceof Error ? error.stack ?? error.message : String(error) })

/**
 * Makes this process one event store: the first line of its standard input says where the engines are, each further one
 * is a job, and each is answered with a line of JSON. It ends when its input ends.
 *
 * Everything that is measured goes through here, for our stores and for the others alike.
 */
export const serveStore = <End>(open: (engines: WorkEngines) => Promise<StoreDriver<End>>): void => {
  const input = createInterface({ input: process.stdin })
  let driver: Promise<StoreDriver<End>> | null = null
  let before: Promise<void> = Promise.resolve()
  input.on("line", (line) => {
    if (driver === null) {
      driver = open(decodeEngines(line))
      driver.catch(() => {})
      return
    }
    // One job after the other: two at once would measure each other.
    const opened = driver
    before = before.then(() => opened).then((driver) => run(driver, decodeJob(line))).catch(failed).then((outcome) => {
      process.stdout.write(`${encodeOutcome(outcome)}\n`)
    })
  })
  input.once("close", () => process.exit(0))
}
