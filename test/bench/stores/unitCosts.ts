import { draftOf, freshStream } from "./events.ts"
import { inTurn } from "./repeatedly.ts"
import type { StoreDriver } from "./StoreDriver.ts"
import { type StoreJob, StoreOutcome, type UnitsAt } from "./StoreJob.ts"

type Job = Extract<StoreJob, { readonly _tag: "Units" }>

/** Loads at one length stop after so many ms: some stores read all events for each. */
const loadMillis = 1500

const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, number) => number)

/**
 * How many streams of a length are appended to, and how often each: a store may rewrite what grows from one append to the
 * next, and then begin anew, so a long stream is followed over many of them; a short one isn't short any more after a few.
 */
export const sampling = (length: number, appends: number) => {
  const each = Math.max(1, Math.min(appends, Math.floor(length / 2)))
  return { each, streams: Math.ceil(appends / each) }
}

const unitsAt = async <End>(
  driver: StoreDriver<End>,
  takeUnits: NonNullable<StoreDriver<End>["takeUnits"]>,
  length: number,
  appends: number
): Promise<UnitsAt> => {
  const { each, streams } = sampling(length, appends)
  const names = upTo(streams).map(freshStream)
  if (length > 0) await driver.fill(names, length)
  const found = { append: new Array<number>(), readToAppend: new Array<number>(), load: new Array<number>() }
  let loading = 0
  await inTurn(names, async (stream) => {
    let end = length === 0 ? driver.begin(stream) : await (driver.loadToAppend ?? driver.load)(stream)
    await inTurn(upTo(each), async (number) => {
      takeUnits()
      end = await driver.append(end, draftOf(stream, length + number + 1))
      const { read, write } = takeUnits()
      found.append.push(write)
      found.readToAppend.push(read)
      if (loading >= loadMillis) return
      const begun = performance.now()
      await driver.load(stream)
      loading += performance.now() - begun
      found.load.push(takeUnits().read)
    })
  })
  return { length, ...found }
}

/** What appends to streams of some lengths, and loads after them, take of DynamoDB, one by one. */
export const units = async <End>(driver: StoreDriver<End>, { appends, lengths }: Job): Promise<StoreOutcome> => {
  const { takeUnits } = driver
  if (takeUnits === undefined) return StoreOutcome.cases.Unable.make({})
  return StoreOutcome.cases.Consumed.make({
    units: await inTurn(lengths, (length) => unitsAt(driver, takeUnits, length, appends))
  })
}
