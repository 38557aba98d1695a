import type { StreamRecord } from "../../../../src/platform/DynamoStreams.ts"
import { type ItemChange, partitionHash } from "./SimulatedTable.ts"

/** How long a record is kept. */
const day = 24 * 60 * 60 * 1000

export interface SimulatedRecord {
  readonly number: number
  readonly at: number
  readonly change: ItemChange
  readonly record: StreamRecord
}

/** Has the records of partitions whose hash lies in its range. */
export interface SimulatedShard {
  readonly id: string
  readonly parent: SimulatedShard | null
  readonly from: number
  readonly to: number
  readonly records: Array<SimulatedRecord>
  closed: { readonly at: number; readonly number: number } | null
}

/** A record that isn't in the stream yet. */
interface Coming {
  readonly appearsAt: number
  readonly writtenAt: number
  readonly change: ItemChange
}

export const sequenceNumber = (number: number): string => String(number).padStart(21, "0")

const identityOf = ({ keys }: ItemChange): string => JSON.stringify(keys)

/**
 * The shards of a stream with their records. A record appears in the shard some time after its item changed; those of one
 * item appear in the order of its changes, in one shard or in it and its descendants.
 */
export class StreamShards {
  #shards: Array<SimulatedShard> = []
  #coming: Array<Coming> = []
  readonly #latest = new Map<string, number>()
  #numbers = 0
  #generation = 0
  /** The last number that is gone before its time. */
  #trimmed = 0

  constructor() {
    this.recreate()
  }

  /** Which of the streams that the table has had this is. */
  get generation(): number {
    return this.#generation
  }

  get lastNumber(): number {
    return this.#numbers
  }

  has(shard: SimulatedShard): boolean {
    return this.#shards.includes(shard)
  }

  /** The stream is switched off and on: everything in it is gone, and it has another name. */
  recreate(): void {
    this.#generation++
    this.#shards = []
    this.#coming = []
    this.#open(null, 0, 2 ** 32)
  }

  write(change: ItemChange, writtenAt: number, appearsAt: number): void {
    const identity = identityOf(change)
    const appears = Math.max(appearsAt, this.#latest.get(identity) ?? 0)
    this.#latest.set(identity, appears)
    this.#coming.push({ appearsAt: appears, writtenAt, change })
  }

  /** These never appear, or disappear without a trace. */
  lose(isLost: (change: ItemChange) => boolean): void {
    this.#coming = this.#coming.filter(({ change }) => !isLost(change))
    for (const { records } of this.#shards) {
      records.splice(0, records.length, ...records.filter(({ change }) => !isLost(change)))
    }
  }

  /** What is in the stream is gone, as if it were too old. */
  trim(now: number): void {
    this.appear(now)
    this.#trimmed = this.#numbers
  }

  /** Every open shard goes over into one or two others. Those that split are the ones that come first. */
  split(now: number, splitting: number): void {
    this.appear(now)
    for (const [n, shard] of this.#shards.filter(({ closed }) => closed === null).entries()) {
      shard.closed = { at: now, number: ++this.#numbers }
      const middle = n < splitting ? Math.floor((shard.from + shard.to) / 2) : shard.to
      this.#open(shard, shard.from, middle)
      if (middle < shard.to) this.#open(shard, middle, shard.to)
    }
  }

  /** Those that are still there. */
  listed(now: number): ReadonlyArray<SimulatedShard> {
    this.appear(now)
    return this.#shards.filter(({ closed }) => closed === null || closed.at > now - day)
  }

  /** The shard that a record is in, whatever its age. */
  shardOf(number: string): SimulatedShard | null {
    return this.#shards.find(({ records }) => records.some((one) => sequenceNumber(one.number) === number)) ?? null
  }

  /** Whether a record is too old. */
  isGone({ at, number }: SimulatedRecord, now: number): boolean {
    return number <= this.#trimmed || at <= now - day
  }

  /** What was to come by now is in its shard. */
  appear(now: number): void {
    const here = this.#coming.filter(({ appearsAt }) => appearsAt <= now)
    if (here.length === 0) return
    this.#coming = this.#coming.filter(({ appearsAt }) => appearsAt > now)
    for (const { change, writtenAt } of here.toSorted((one, other) => one.appearsAt - other.appearsAt)) {
      this.#append(change, writtenAt)
    }
  }

  #append(change: ItemChange, at: number): void {
    const hash = partitionHash(change.partition)
    const shard = this.#shards.find(({ closed, from, to }) => closed === null && from <= hash && hash < to)
    const number = ++this.#numbers
    const { eventName, image, keys } = change
    const dynamodb = {
      SequenceNumber: sequenceNumber(number),
      ApproximateCreationDateTime: new Date(at),
      Keys: keys,
      ...(image === null ? {} : { NewImage: image })
    }
    shard?.records.push({ number, at, change, record: { eventName, dynamodb } })
  }

  #open(parent: SimulatedShard | null, from: number, to: number): void {
    const id = `shardId-${sequenceNumber(++this.#numbers)}-${this.#generation}`
    this.#shards.push({ id, parent, from, to, records: [], closed: null })
  }
}
