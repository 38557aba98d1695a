import { Effect } from "effect"
import type { World } from "../../kernel/World.ts"
import { SimulatedStream } from "./SimulatedStream.ts"
import type { ItemChange } from "./SimulatedTable.ts"

/** A table's stream that the world's faults strike when it is read. */
export const streamIn = (world: World, table: string): SimulatedStream => {
  const chance = world.chance.fork(`stream of ${table}`)
  return new SimulatedStream({
    table,
    now: Effect.sync(() => world.journal.now()),
    page: chance.integer(1, 10),
    isFruitless: () => chance.happens(0.1),
    isRepeated: () => world.faults.strikes("duplicated record")
  })
}

/** What puts records into streams. */
interface Records {
  readonly write: (stream: SimulatedStream, change: ItemChange) => void
  /** The lost records come after all that nothing came after: those of which nothing else could tell. */
  readonly bringLast: (stream: SimulatedStream) => void
}

/**
 * Puts records into streams, and lets the world's faults strike them: some never appear, some long after others, and some
 * just after one that was written later.
 */
export const recordsIn = (world: World): Records => {
  const { chance, faults, journal } = world
  const drawn = chance.fork("records")
  const lastLost = new Map<SimulatedStream, Map<string, ItemChange>>()
  const toLose = new Map<string, number>()
  const write = (stream: SimulatedStream, change: ItemChange) => {
    const now = journal.now()
    const usual = drawn.integer(0, 100)
    const swapped = drawn.integer(100, 1000)
    const delayed = drawn.integer(1000, 60_000)
    const alsoLost = drawn.integer(0, 3)
    const isDelayed = faults.strikes("delayed record")
    const isSwapped = faults.strikes("swapped records")
    const lost = lastLost.get(stream) ?? new Map<string, ItemChange>()
    const partition = JSON.stringify(change.partition)
    // What is lost of a stream is often lost in a row.
    const isFirst = faults.strikes("lost record")
    const inRow = isFirst ? alsoLost : (toLose.get(partition) ?? 0) - 1
    const isLost = isFirst || (inRow >= 0 && !faults.isCalm)
    toLose.set(partition, inRow)
    lastLost.set(stream, lost)
    if (isLost) {
      lost.set(partition, change)
      return journal.tell(stream.table, () => `loses the record of ${JSON.stringify(change.keys)}`)
    }
    lost.delete(partition)
    stream.write(change, now, now + usual + (isDelayed ? delayed : 0) + (isSwapped ? swapped : 0))
  }
  const bringLast = (stream: SimulatedStream) => {
    const now = journal.now()
    for (const change of lastLost.get(stream)?.values() ?? []) stream.write(change, now)
    lastLost.delete(stream)
  }
  return { write, bringLast }
}
