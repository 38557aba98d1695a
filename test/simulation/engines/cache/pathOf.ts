import type { PictureId } from "../../../../src/domain/ids.ts"
import { countKey } from "../../../../src/queries/entryKeys.ts"
import type { EntryKey } from "../../../../src/queries/QueryCache.ts"

/** A request that the cache answers with the entry of this key. */
export const pathOf = (picture: PictureId, key: EntryKey): string => {
  const comments = `/pictures/${picture}/comments`
  if (key === countKey) return `${comments}/count`
  const [order = "", limit = "", cursor] = key.split(" ")
  const query = new URLSearchParams({ order, limit, ...(cursor === undefined ? {} : { cursor }) })
  return `${comments}?${query}`
}
