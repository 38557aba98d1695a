import { atOnce } from "./repeatedly.ts"

// What DynamoDB takes in one BatchWriteItem, and how many of them are under way at once.
const itemsAtOnce = 25
const batchesAtOnce = 4

/** Hands items over in batches of what one BatchWriteItem takes, a few at a time. */
export const inBatches = async <A>(
  items: ReadonlyArray<A>,
  write: (batch: ReadonlyArray<A>) => Promise<unknown>
): Promise<void> => {
  let first = 0
  await atOnce(batchesAtOnce, async () => {
    const batch = items.slice(first, first + itemsAtOnce)
    if (batch.length === 0) return false
    first += itemsAtOnce
    await write(batch)
    return true
  })
}
