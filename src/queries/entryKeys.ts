import type { PageOrder } from "./CommentList.ts"
import { EntryKey } from "./QueryCache.ts"
import { maxPageLimit } from "./ReadModel.ts"

/** The cache's name for a picture's count. */
export const countKey = EntryKey.make("count")

// The first pages are what is asked for most: their names are written down once.
const firstPages = (order: PageOrder): ReadonlyArray<EntryKey> =>
  Array.from({ length: maxPageLimit + 1 }, (_, limit) => EntryKey.make(`${order} ${limit}`))
const keysOf = { newest: firstPages("newest"), oldest: firstPages("oldest") }

/** The cache's name for a page of a picture. The cursor must be one that was given out: any text would be a name. */
export const pageKey = (order: PageOrder, limit: number, cursor: string | undefined): EntryKey =>
  cursor === undefined
    ? keysOf[order][limit] ?? EntryKey.make(`${order} ${limit}`)
    : EntryKey.make(`${order} ${limit} ${cursor}`)
