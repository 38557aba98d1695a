import { setTimeout as pause } from "node:timers/promises"
import { DeliveryLedger } from "./delivery.ts"
import { draftOf, freshStream } from "./events.ts"
import { atOnce, repeatedly } from "./repeatedly.ts"
import type { StoreDriver } from "./StoreDriver.ts"
import { type StoreJob, StoreOutcome } from "./StoreJob.ts"

type Job<Tag extends StoreJob["_tag"]> = Extract<StoreJob, { readonly _tag: Tag }>

/** How often the consumer is looked at, in ms. */
const glance = 20

/** Lets many writers append while the store's consumer follows; ends when all has come, or nothing comes any more. */
export const deliver = async <End>(
  driver: StoreDriver<End>,
  { events, eventsInStream, quietMillis, writers }: Job<"Deliver">
): Promise<StoreOutcome> => {
  if (driver.follow === undefined) return StoreOutcome.cases.Unable.make({})
  const ledger = new DeliveryLedger()
  const { stop } = await driver.follow((stream, version) => ledger.delivered(stream, version))
  const begun = performance.now()
  let left = events
  const streams = Array.from({ length: writers }, freshStream)
  const ends = streams.map((stream) => driver.begin(stream))
  await atOnce(writers, async (writer) => {
    if (left-- <= 0) return false
    const stream = streams[writer] ?? ""
    const end = ends[writer] ?? driver.begin(stream)
    const version = driver.versionOf(end) + 1
    const next = await driver.append(end, draftOf(stream, version))
    ledger.appended(stream, version)
    if (version < eventsInStream) ends[writer] = next
    else {
      const fresh = freshStream()
      streams[writer] = fresh
      ends[writer] = driver.begin(fresh)
    }
    return true
  })
  let last = { deliveries: ledger.deliveries, at: performance.now() }
  await repeatedly(async () => {
    await pause(glance)
    if (ledger.deliveries !== last.deliveries) last = { deliveries: ledger.deliveries, at: performance.now() }
    return !ledger.isComplete && performance.now() - last.at < quietMillis
  })
  const seconds = ((ledger.isComplete ? performance.now() : last.at) - begun) / 1000
  await stop()
  return StoreOutcome.cases.Delivered.make({ delivery: ledger.report(), seconds })
}

/** Projects posts that lie in the log. */
export const project = async <End>(
  driver: StoreDriver<End>,
  { events, setting }: Job<"Project">
): Promise<StoreOutcome> => {
  if (driver.project === undefined) return StoreOutcome.cases.Unable.make({})
  const before = process.cpuUsage()
  const seconds = await driver.project(events, setting)
  const { system, user } = process.cpuUsage(before)
  return StoreOutcome.cases.Worked.make({
    amount: events,
    seconds,
    p50Micros: 0,
    p99Micros: 0,
    conflicts: 0,
    processorSeconds: (system + user) / 1e6
  })
}
