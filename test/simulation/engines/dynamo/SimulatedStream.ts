import { Clock, Effect, Option } from "effect"
import type { EncodedCommit } from "../../../../src/events/Commit.ts"
import { commitItem, commitKey } from "../../../../src/events/dynamoCommits.ts"
import {
  DynamoStreams,
  IteratorExpired,
  type ReadRecords,
  type Shard,
  type ShardPosition,
  StreamsUnavailable,
  Trimmed
} from "../../../../src/platform/DynamoStreams.ts"
import type { ItemChange } from "./SimulatedTable.ts"
import { sequenceNumber, type SimulatedShard, StreamShards } from "./StreamShards.ts"

const iteratorLife = 15 * 60 * 1000

interface Iterator {
  readonly shard: SimulatedShard
  /** Gives what comes after this number. */
  readonly after: number
  readonly issuedAt: number
  readonly epoch: number
}

export interface SimulatedStreamOptions {
  /** The table's name: `events`, if left out. */
  readonly table?: string
  /** An engine may say where a shard ends although it is still open. */
  readonly namesEndings?: boolean
  /** How many records one read gives at most: 3, if left out, so that there is much to go on from. */
  readonly page?: number
  /** Whether the nth read gives nothing, though there may be more. Each fifth, if left out. */
  readonly isFruitless?: (read: number) => boolean
  /** Whether what the nth read gives last comes once more. Each seventh, if left out. */
  readonly isRepeated?: (read: number) => boolean
  /** The time, in milliseconds since 1970. That of whoever reads, if left out. */
  readonly now?: Effect.Effect<number>
}

const boom = (name: string) => new Error(name)

/** A table's stream as DynamoDB may behave. */
export class SimulatedStream {
  readonly table: string
  readonly shards = new StreamShards()
  reads = 0
  describes = 0
  #epoch = 0
  #refusals = 0
  #trims = 0
  readonly #iterators = new Map<string, Iterator>()
  readonly #options: Required<SimulatedStreamOptions>

  constructor(options: SimulatedStreamOptions = {}) {
    this.#options = {
      table: "events",
      namesEndings: false,
      page: 3,
      isFruitless: (read) => read % 5 === 0,
      isRepeated: (read) => read % 7 === 0,
      now: Clock.currentTimeMillis,
      ...options
    }
    this.table = this.#options.table
  }

  get arn(): string {
    return `arn:aws:dynamodb:eu-central-1:000000000000:table/${this.table}/stream/${this.shards.generation}`
  }

  /** The stream is switched off and on: everything in it is gone, and it has another name. */
  recreate(): void {
    this.shards.recreate()
  }

  /** Whether it gave this iterator. */
  issued(token: string): boolean {
    return this.#iterators.has(token)
  }

  /** An item changed; its record appears later, or at once. */
  write(change: ItemChange, now: number, appearsAt = now): void {
    this.shards.write(change, now, appearsAt)
  }

  /** These commits were appended, as one shard shows them. Each is an item of its own, so any order is allowed. */
  put(commits: ReadonlyArray<EncodedCommit>, now: number): void {
    for (const commit of commits) {
      const keys = commitKey(commit.stream, commit.version)
      this.write({ eventName: "INSERT", keys, partition: commit.stream, image: commitItem(commit) }, now)
    }
    this.shards.appear(now)
  }

  /** The records of these commits never arrive, without a trace. */
  lose(ids: ReadonlySet<string>): void {
    this.shards.lose(({ image }) => {
      const id = image?.["id"]
      return id !== undefined && "S" in id && ids.has(id.S)
    })
  }

  /** Every open shard goes over into one or two others. Those that split are the ones that come first. */
  split(now: number, splitting = 1): void {
    this.shards.split(now, splitting)
  }

  expireIterators(): void {
    this.#epoch++
  }

  /** What the next read was to give has just become too old. */
  trim(): void {
    this.#trims++
  }

  /** Refuses so many requests. */
  throttle(requests: number): void {
    this.#refusals += requests
  }

  /** The shard of a record, and the records in all that it goes on from, by their sequence numbers. */
  shardOf(number: string): { readonly id: string; readonly before: ReadonlyArray<string> } {
    const shard = this.shards.shardOf(number)
    const before: Array<string> = []
    for (let parent = shard?.parent ?? null; parent !== null; parent = parent.parent) {
      before.push(...parent.records.map(({ number }) => sequenceNumber(number)))
    }
    return { id: shard?.id ?? "", before }
  }

  readonly #refuse = (operation: StreamsUnavailable["operation"]) =>
    Effect.suspend(() => {
      if (this.#refusals === 0) return Effect.yieldNow
      this.#refusals--
      return Effect.fail(new StreamsUnavailable({ operation, cause: boom("ThrottlingException") }))
    })

  #issue(shard: SimulatedShard, after: number, now: number): string {
    const token = `${this.arn}/iterator/${this.#iterators.size}`
    this.#iterators.set(token, { shard, after, issuedAt: now, epoch: this.#epoch })
    return token
  }

  #isTrimmed({ records }: SimulatedShard, after: number, now: number): boolean {
    return records.some((record) => record.number > after && this.shards.isGone(record, now))
  }

  #describe({ closed, id, parent, records }: SimulatedShard): Shard {
    const ending = closed?.number ?? (this.#options.namesEndings ? records.at(-1)?.number : undefined)
    return { id, parent: parent?.id ?? null, ending: ending === undefined ? null : sequenceNumber(ending) }
  }

  #iterator(stream: string, id: string, position: ShardPosition, now: number): Effect.Effect<string, Trimmed> {
    const shard = this.shards.listed(now).find((shard) => shard.id === id)
    if (stream !== this.arn || shard === undefined) return new Trimmed({ cause: boom("ResourceNotFoundException") })
    const { records } = shard
    const last = this.shards.lastNumber
    const horizon = records.find((record) => !this.shards.isGone(record, now))?.number ?? last + 1
    if (position._tag === "TrimHorizon") return Effect.succeed(this.#issue(shard, horizon - 1, now))
    if (position._tag === "Latest") return Effect.succeed(this.#issue(shard, last, now))
    const after = Number(position.sequenceNumber)
    const isOld = records.some((record) => record.number === after && this.shards.isGone(record, now))
    return isOld || this.#isTrimmed(shard, after, now)
      ? new Trimmed({ cause: boom("TrimmedDataAccessException") })
      : Effect.succeed(this.#issue(shard, after, now))
  }

  #read(token: string, now: number): Effect.Effect<ReadRecords, Trimmed | IteratorExpired> {
    const iterator = this.#iterators.get(token)
    if (iterator === undefined || iterator.epoch !== this.#epoch || iterator.issuedAt <= now - iteratorLife) {
      return new IteratorExpired({ cause: boom("ExpiredIteratorException") })
    }
    const { after, shard } = iterator
    this.shards.appear(now)
    if (!this.shards.has(shard)) return new Trimmed({ cause: boom("ResourceNotFoundException") })
    const isTrimmed = this.#trims > 0 || this.#isTrimmed(shard, after, now)
    this.#trims = 0
    if (isTrimmed) return new Trimmed({ cause: boom("TrimmedDataAccessException") })
    this.reads++
    const { isFruitless, isRepeated, page } = this.#options
    const left = shard.records.filter(({ number }) => number > after)
    const found = isFruitless(this.reads) ? [] : left.slice(0, page)
    const last = found.at(isRepeated(this.reads) ? -2 : -1)?.number ?? after
    const isEnd = shard.closed !== null && found.length === left.length
    return Effect.succeed({
      records: found.map(({ record }) => record),
      next: isEnd ? null : this.#issue(shard, last, now)
    })
  }

  readonly service = DynamoStreams.of({
    streamOf: (table) =>
      Effect.map(this.#refuse("DescribeTable"), () => table === this.table ? Option.some(this.arn) : Option.none()),

    shards: Effect.fnUntraced({ self: this }, function*(stream: string) {
      yield* this.#refuse("DescribeStream")
      this.describes++
      if (stream !== this.arn) return yield* new Trimmed({ cause: boom("ResourceNotFoundException") })
      return this.shards.listed(yield* this.#options.now).map((shard) => this.#describe(shard))
    }),

    iterator: Effect.fnUntraced({ self: this }, function*(stream, id, position) {
      yield* this.#refuse("GetShardIterator")
      return yield* this.#iterator(stream, id, position, yield* this.#options.now)
    }),

    records: Effect.fnUntraced({ self: this }, function*(token) {
      yield* this.#refuse("GetRecords")
      return yield* this.#read(token, yield* this.#options.now)
    })
  })
}
