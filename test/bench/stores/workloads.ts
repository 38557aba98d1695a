import { Chance } from "../../simulation/kernel/Chance.ts"
import { drawsWrite, storeMix } from "../load/model/mixes.ts"
import { Zipf } from "../load/model/Zipf.ts"
import { draftOf, freshStream, streamOf } from "./events.ts"
import { atOnce, repeatedly } from "./repeatedly.ts"
import type { StoreDriver } from "./StoreDriver.ts"
import type { StoreJob, Worked } from "./StoreJob.ts"
import { WorkMeter } from "./work.ts"

type Job<Tag extends StoreJob["_tag"]> = Extract<StoreJob, { readonly _tag: Tag }>
type Work = Promise<Omit<Worked, "_tag">>

/** Appends one event to a stream's end. */
const appendNext = <End>(driver: StoreDriver<End>, stream: string, end: End): Promise<End> =>
  driver.append(end, draftOf(stream, driver.versionOf(end) + 1))

/** Appends to streams that nobody else writes to; each writer has its stream's end in hand. */
export const append = async <End>(
  driver: StoreDriver<End>,
  { eventsInStream, millis, writers }: Job<"Append">
): Work => {
  const streams = Array.from({ length: writers }, freshStream)
  const ends = streams.map((stream) => driver.begin(stream))
  const meter = new WorkMeter()
  await atOnce(writers, async (writer) => {
    const stream = streams[writer] ?? ""
    const end = ends[writer] ?? driver.begin(stream)
    const begun = performance.now()
    const next = await appendNext(driver, stream, end)
    meter.done(begun)
    if (driver.versionOf(next) < eventsInStream) ends[writer] = next
    else {
      const fresh = freshStream()
      streams[writer] = fresh
      ends[writer] = driver.begin(fresh)
    }
    return meter.millis < millis
  })
  return meter.report()
}

/** Loads and appends until an append succeeds; answers with how often it met another's. */
const persist = async <End>(driver: StoreDriver<End>, stream: string): Promise<number> => {
  let conflicts = 0
  await repeatedly(async () => {
    const end = await (driver.loadToAppend ?? driver.load)(stream)
    try {
      await appendNext(driver, stream, end)
      return false
    } catch (error) {
      if (!driver.isConflict(error)) throw error
      conflicts++
      return true
    }
  })
  return conflicts
}

/** Many writers on one stream. */
export const contend = async <End>(driver: StoreDriver<End>, { events, writers }: Job<"Contend">): Work => {
  const stream = freshStream()
  const meter = new WorkMeter()
  let left = events
  await atOnce(writers, async () => {
    if (left-- <= 0) return false
    const begun = performance.now()
    meter.conflicts += await persist(driver, stream)
    meter.done(begun)
    return true
  })
  return meter.report()
}

/** Loads streams, one after the other. */
export const load = async <End>(
  driver: StoreDriver<End>,
  { inFlight, millis, set, streams }: Job<"Load">
): Work => {
  let number = 0
  // What was loaded just before, and what is compiled: that is the same for all.
  await driver.load(streamOf(set, 0))
  const meter = new WorkMeter()
  await atOnce(inFlight, async () => {
    const begun = performance.now()
    await driver.load(streamOf(set, number++ % streams))
    meter.done(begun)
    return meter.millis < millis
  })
  return meter.report()
}

/** 70 loads to 30 appends over streams of which few are popular. */
export const mix = async <End>(
  driver: StoreDriver<End>,
  { exponent, millis, seed, set, streams, workers }: Job<"Mix">
): Work => {
  const chance = new Chance(`mix/${seed}`)
  const popularity = new Zipf(streams, exponent)
  const meter = new WorkMeter()
  await atOnce(workers, async () => {
    const stream = streamOf(set, popularity.draw(chance))
    const isWrite = drawsWrite(chance, storeMix)
    const begun = performance.now()
    if (isWrite) meter.conflicts += await persist(driver, stream)
    else await driver.load(stream)
    meter.done(begun)
    return meter.millis < millis
  })
  return meter.report()
}
