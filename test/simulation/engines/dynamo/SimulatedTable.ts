import { compareScalars, isSameValue, type Item, pickAttributes, type Scalar, scalarOf, sizeOf } from "./items.ts"
import { invalid } from "./serviceErrors.ts"

export interface KeyShape {
  readonly partition: string
  readonly sort: string | null
}

export interface TableShape {
  readonly name: string
  readonly key: KeyShape
  /** A sparse index of nothing but keys. */
  readonly index: { readonly name: string; readonly key: KeyShape } | null
}

/** How an item changed. */
export interface ItemChange {
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE"
  readonly keys: Item
  readonly partition: Scalar
  /** Null for what was removed. */
  readonly image: Item | null
}

/** What reads see: the newest, or what a replica had got by a time. */
export type View = { readonly replicaAt: number } | "newest"

interface Version {
  readonly image: Item | null
  /** When a replica gets it. */
  readonly visibleAt: number
}

interface Entry {
  readonly sort: Scalar
  readonly versions: Array<Version>
}

const largest = 400 * 1024

/** FNV-1a: where DynamoDB puts a partition key among all others. */
export const partitionHash = (partition: Scalar): number => {
  let hash = 0x811c9dc5
  for (const character of String(partition)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

const seen = ({ versions }: Entry, view: View): Item | null => {
  if (view === "newest") return versions.at(-1)?.image ?? null
  return versions.findLast(({ visibleAt }) => visibleAt <= view.replicaAt)?.image ?? null
}

/** The items of a table, and of each what replicas still have of it. */
export class SimulatedTable {
  readonly shape: TableShape
  readonly #partitions = new Map<Scalar, Array<Entry>>()

  constructor(shape: TableShape) {
    this.shape = shape
  }

  keyOf(item: Item): { readonly partition: Scalar; readonly sort: Scalar } {
    const { partition, sort } = this.shape.key
    const place = { partition: scalarOf(item[partition]), sort: sort === null ? "" : scalarOf(item[sort]) }
    if (place.partition === null || place.sort === null) throw invalid(`the key of ${this.shape.name} is missing`)
    return { partition: place.partition, sort: place.sort }
  }

  get(key: Item, view: View): Item | null {
    const { partition, sort } = this.keyOf(key)
    const entry = this.#partitions.get(partition)?.find((entry) => entry.sort === sort)
    return entry === undefined ? null : seen(entry, view)
  }

  /** Makes an item what it is now. Null if nothing changes. */
  write(key: Item, image: Item | null, now: number, visibleAt: number): ItemChange | null {
    if (image !== null && sizeOf(image) > largest) throw invalid("Item size has exceeded the maximum allowed size")
    const { partition, sort } = this.keyOf(key)
    const entry = this.#entry(partition, sort)
    const before = entry.versions.at(-1)
    const old = before?.image ?? null
    if (isSameValue(old, image)) return null
    // A replica gets the changes of an item in their order.
    entry.versions.push({ image, visibleAt: Math.max(visibleAt, before?.visibleAt ?? 0) })
    const last = entry.versions.findLastIndex(({ visibleAt }) => visibleAt <= now)
    if (last > 0) entry.versions.splice(0, last)
    const { key: { partition: partitionKey, sort: sortKey } } = this.shape
    const keys = pickAttributes(image ?? key, sortKey === null ? [partitionKey] : [partitionKey, sortKey])
    if (image === null) return { eventName: "REMOVE", keys, partition, image }
    return { eventName: old === null ? "INSERT" : "MODIFY", keys, partition, image }
  }

  /** The items of a partition, by their sort key. */
  items(partition: Scalar, view: View): ReadonlyArray<Item> {
    return (this.#partitions.get(partition) ?? []).map((entry) => seen(entry, view)).filter((item) => item !== null)
  }

  /** All items that are told of by a predicate over partitions, by the hash of their partition, each by its sort key. */
  all(view: View, isWanted: (hash: number) => boolean = () => true): ReadonlyArray<Item> {
    return Array.from(this.#partitions.keys(), (partition) => ({ partition, hash: partitionHash(partition) }))
      .filter(({ hash }) => isWanted(hash))
      .toSorted((one, other) => one.hash - other.hash || compareScalars(one.partition, other.partition))
      .flatMap(({ partition }) => this.items(partition, view))
  }

  #entry(partition: Scalar, sort: Scalar): Entry {
    const entries = this.#partitions.get(partition) ?? []
    this.#partitions.set(partition, entries)
    const index = entries.findIndex((entry) => !(compareScalars(entry.sort, sort) < 0))
    const found = index === -1 ? undefined : entries[index]
    if (found?.sort === sort) return found
    const entry: Entry = { sort, versions: [] }
    entries.splice(index === -1 ? entries.length : index, 0, entry)
    return entry
  }
}
