import type { PictureId } from "../domain/ids.ts"
import type { CachedAnswer, EntryKey } from "./QueryCache.ts"
import { Generation, Lookup, maxEntriesPerPicture, timeToLiveSeconds } from "./QueryCache.ts"

/** What a slot and an entry cost beside their bytes: maps, objects, headers. Rather too much than too little. */
const slotOverhead = 512
const entryOverhead = 256

/** Which part of all the bytes is freed when there is no room. */
const roomAtOnce = 1 / 16

const timeToLive = timeToLiveSeconds * 1000

interface Entry {
  readonly hit: Lookup
  readonly bytes: number
}

interface Slot {
  readonly picture: PictureId
  readonly generation: Generation
  readonly mintedAt: number
  /** Made once, so that a look-up allocates nothing. */
  readonly miss: Lookup
  /** Oldest first; undefined until somebody puts one, for many are asked for that have none. */
  entries: Map<EntryKey, Entry> | undefined
  bytes: number
}

const emptySizeOf = (picture: PictureId): number => slotOverhead + 2 * picture.length

const sizeOf = (key: EntryKey, { body, etag, nextCursor }: CachedAnswer): number =>
  entryOverhead + body.byteLength + 2 * (key.length + etag.length + (nextCursor?.length ?? 0))

/**
 * The cached answers in this process's memory: one slot for each picture, in the order of their last use, at most
 * `maxBytes` in all. The least recently used pictures make room. Every method is one step, for nothing here waits.
 *
 * `now` is in milliseconds. A clock that goes back to before a slot was minted ends it, so no slot outlives a correction
 * of the clock by more than its own time.
 */
export class PictureSlots {
  readonly #slots = new Map<PictureId, Slot>()
  readonly #maxBytes: number
  #newest: Slot | undefined
  // Counted over all slots and never set back, generations are as little reused as random ones, for nobody else mints here.
  #minted = 0
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get size(): number {
    return this.#slots.size
  }

  get bytes(): number {
    return this.#bytes
  }

  read(picture: PictureId, key: EntryKey, now: number): Lookup {
    const slot = this.#current(picture, now) ?? this.#mint(picture, now)
    return slot.entries?.get(key)?.hit ?? slot.miss
  }

  /** The answer if there is one. Nothing is minted where there is none. */
  peek(picture: PictureId, key: EntryKey, now: number): CachedAnswer | undefined {
    const hit = this.#current(picture, now)?.entries?.get(key)?.hit
    return hit?._tag === "Hit" ? hit.answer : undefined
  }

  put(picture: PictureId, generation: Generation, key: EntryKey, answer: CachedAnswer, now: number): boolean {
    const slot = this.#current(picture, now)
    if (slot?.generation !== generation) return false
    const bytes = sizeOf(key, answer)
    const room = this.#maxBytes - bytes
    if (emptySizeOf(picture) > room) return false
    const entries = slot.entries ??= new Map()
    this.#drop(slot, key)
    for (const oldest of entries.keys()) {
      if (entries.size < maxEntriesPerPicture && slot.bytes <= room) break
      this.#drop(slot, oldest)
    }
    entries.set(key, { hit: Lookup.Hit({ answer, generation }), bytes })
    slot.bytes += bytes
    this.#bytes += bytes
    this.#makeRoom()
    return true
  }

  /** Ends the picture's slot, and with it its generation. */
  forget(picture: PictureId): void {
    const slot = this.#slots.get(picture)
    if (slot === undefined) return
    this.#slots.delete(picture)
    this.#bytes -= slot.bytes
    if (this.#newest === slot) this.#newest = undefined
  }

  clear(): void {
    this.#slots.clear()
    this.#newest = undefined
    this.#bytes = 0
  }

  // The slot that is looked at becomes the newest. A picture that is looked at again and again costs no reordering.
  #current(picture: PictureId, now: number): Slot | undefined {
    const slot = this.#slots.get(picture)
    if (slot === undefined) return undefined
    const age = now - slot.mintedAt
    if (age < 0 || age >= timeToLive) {
      this.forget(picture)
      return undefined
    }
    if (this.#newest !== slot) {
      this.#slots.delete(picture)
      this.#slots.set(picture, slot)
      this.#newest = slot
    }
    return slot
  }

  #mint(picture: PictureId, now: number): Slot {
    const generation = Generation.make(String(++this.#minted))
    const bytes = emptySizeOf(picture)
    const slot: Slot = {
      picture,
      generation,
      mintedAt: now,
      miss: Lookup.Miss({ generation }),
      entries: undefined,
      bytes
    }
    this.#slots.set(picture, slot)
    this.#newest = slot
    this.#bytes += bytes
    this.#makeRoom()
    return slot
  }

  #drop(slot: Slot, key: EntryKey): void {
    const entry = slot.entries?.get(key)
    if (entry === undefined) return
    slot.entries?.delete(key)
    slot.bytes -= entry.bytes
    this.#bytes -= entry.bytes
  }

  // A map goes through its keys in the order in which they were set, so the least recently used come first. It also goes
  // over the places of those that were deleted: room is made for many at once, so that this is done rarely.
  #makeRoom(): void {
    if (this.#bytes <= this.#maxBytes) return
    const enough = this.#maxBytes * (1 - roomAtOnce)
    for (const [picture, slot] of this.#slots) {
      if (this.#bytes <= enough || slot === this.#newest) return
      this.forget(picture)
    }
  }
}
