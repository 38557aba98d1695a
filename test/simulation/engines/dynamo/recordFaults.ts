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

/**
 * Puts records into streams, and lets the world's faults strike them: some never appear, some long after others, and some
 * just after one that was written later.
 */
export const recordsIn = (world: World): (stream: SimulatedStream, change: ItemChange) => void => {
  const { chance, faults, journal } = world
  const drawn = chance.fork("records")
  return (stream, change) => {
    const now = journal.now()
    const usual = drawn.integer(0, 100)
    const swapped = drawn.integer(100, 1000)
    const delayed = drawn.integer(1000, 60_000)
    const isLost = faults.strikes("lost record")
    const isDelayed = faults.strikes("delayed record")
    const isSwapped = faults.strikes("swapped records")
    if (isLost) journal.tell(stream.table, () => `loses the record of ${JSON.stringify(change.keys)}`)
    else stream.write(change, now, now + usual + (isDelayed ? delayed : 0) + (isSwapped ? swapped : 0))
  }
}
