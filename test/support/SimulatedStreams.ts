import { Clock, Effect, Option } from "effect"
import type { CommitId } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import {
  DynamoStreams,
  IteratorExpired,
  type Shard,
  type StreamRecord,
  StreamsUnavailable,
  Trimmed
} from "../../src/platform/DynamoStreams.ts"

const day = 24 * 60 * 60 * 1000
const iteratorLife = 15 * 60 * 1000

/** Few, so that there is much to go on from. */
const page = 3

interface SimulatedRecord {
  readonly number: number
  readonly at: number
  readonly commit: CommitId
  readonly record: StreamRecord
}

interface SimulatedShard {
  readonly id: string
  readonly parent: SimulatedShard | null
  readonly records: Array<SimulatedRecord>
  closed: { readonly at: number; readonly number: number } | null
}

interface Iterator {
  readonly shard: SimulatedShard
  /** Gives what comes after this number. */
  readonly after: number
  readonly issuedAt: number
  readonly epoch: number
}

const digits = (number: number) => String(number).padStart(21, "0")

const boom = (name: string) => new Error(name)

/** A table's stream as DynamoDB may behave, under the test's clock. */
export class SimulatedStream {
  readonly table = "events"
  shards: Array<SimulatedShard> = []
  reads = 0
  describes = 0
  private numbers = 0
  private generation = 0
  private epoch = 0
  private refusals = 0
  private trims = 0
  private readonly iterators = new Map<string, Iterator>()

  /** An engine may say where a shard ends although it is still open. */
  private readonly namesEndings: boolean

  constructor({ namesEndings = false }: { readonly namesEndings?: boolean } = {}) {
    this.namesEndings = namesEndings
    this.recreate()
  }

  get arn(): string {
    return `arn:aws:dynamodb:eu-central-1:000000000000:table/${this.table}/stream/${this.generation}`
  }

  /** The stream is switched off and on: everything in it is gone, and it has another name. */
  recreate(): void {
    this.generation++
    this.shards = []
    this.open(null)
  }

  /** These commits were appended, as one shard shows them. Each is an item of its own, so any order is allowed. */
  put(commits: ReadonlyArray<EncodedCommit>, now: number): void {
    for (const commit of commits) {
      const shard = this.openShards()[Number.parseInt(commit.stream.slice(-4), 16) % this.openShards().length]
      const number = ++this.numbers
      const dynamodb = {
        SequenceNumber: digits(number),
        ApproximateCreationDateTime: new Date(now),
        NewImage: commitItem(commit)
      }
      shard?.records.push({ number, at: now, commit: commit.id, record: { eventName: "INSERT", dynamodb } })
    }
  }

  /** The records of these commits never arrive, without a trace. */
  lose(ids: ReadonlySet<CommitId>): void {
    for (const { records } of this.shards) {
      const kept = records.filter(({ commit }) => !ids.has(commit))
      records.splice(0, records.length, ...kept)
    }
  }

  /** Every open shard goes over into one or two others. Those that split are the ones that come first. */
  split(now: number, splitting = 1): void {
    for (const [n, shard] of this.openShards().entries()) {
      shard.closed = { at: now, number: ++this.numbers }
      this.open(shard)
      if (n < splitting) this.open(shard)
    }
  }

  expireIterators(): void {
    this.epoch++
  }

  /** What the next read was to give has just become too old. */
  trim(): void {
    this.trims++
  }

  /** Refuses so many requests. */
  throttle(requests: number): void {
    this.refusals += requests
  }

  /** The records in each shard and in all that it goes on from, with their sequence numbers. */
  shardOf(sequenceNumber: string): { readonly id: string; readonly before: ReadonlyArray<string> } {
    const shard = this.shards.find(({ records }) => records.some(({ number }) => digits(number) === sequenceNumber))
    const before: Array<string> = []
    for (let parent = shard?.parent ?? null; parent !== null; parent = parent.parent) {
      before.push(...parent.records.map(({ number }) => digits(number)))
    }
    return { id: shard?.id ?? "", before }
  }

  private openShards(): ReadonlyArray<SimulatedShard> {
    return this.shards.filter(({ closed }) => closed === null)
  }

  private open(parent: SimulatedShard | null): void {
    const id = `shardId-${digits(++this.numbers)}-${this.generation}`
    this.shards.push({ id, parent, records: [], closed: null })
  }

  private listed(now: number): ReadonlyArray<SimulatedShard> {
    return this.shards.filter(({ closed }) => closed === null || closed.at > now - day)
  }

  private issue(shard: SimulatedShard, after: number, now: number): string {
    const token = `iterator-${this.iterators.size}`
    this.iterators.set(token, { shard, after, issuedAt: now, epoch: this.epoch })
    return token
  }

  private readonly refuse = (operation: StreamsUnavailable["operation"]) =>
    Effect.suspend(() => {
      if (this.refusals === 0) return Effect.yieldNow
      this.refusals--
      return Effect.fail(new StreamsUnavailable({ operation, cause: boom("ThrottlingException") }))
    })

  private readonly isTrimmed = (shard: SimulatedShard, after: number, now: number) =>
    shard.records.some(({ at, number }) => number > after && at <= now - day)

  readonly service = DynamoStreams.of({
    streamOf: (table) =>
      Effect.as(this.refuse("DescribeTable"), table === this.table ? Option.some(this.arn) : Option.none()),

    shards: Effect.fnUntraced({ self: this }, function*(stream: string) {
      yield* this.refuse("DescribeStream")
      this.describes++
      if (stream !== this.arn) return yield* new Trimmed({ cause: boom("ResourceNotFoundException") })
      return this.listed(yield* Clock.currentTimeMillis).map(({ closed, id, parent, records }): Shard => {
        const last = records.at(-1)
        const ending = closed?.number ?? (this.namesEndings ? last?.number : undefined)
        return { id, parent: parent?.id ?? null, ending: ending === undefined ? null : digits(ending) }
      })
    }),

    iterator: Effect.fnUntraced({ self: this }, function*(stream, id, position) {
      yield* this.refuse("GetShardIterator")
      const now = yield* Clock.currentTimeMillis
      const shard = this.listed(now).find((shard) => shard.id === id)
      if (stream !== this.arn || shard === undefined) {
        return yield* new Trimmed({ cause: boom("ResourceNotFoundException") })
      }
      const { records } = shard
      const horizon = records.find(({ at }) => at > now - day)?.number ?? this.numbers + 1
      if (position._tag === "TrimHorizon") return this.issue(shard, horizon - 1, now)
      if (position._tag === "Latest") return this.issue(shard, this.numbers, now)
      const after = Number(position.sequenceNumber)
      const isOld = records.some(({ at, number }) => number === after && at <= now - day)
      if (isOld || this.isTrimmed(shard, after, now)) {
        return yield* new Trimmed({ cause: boom("TrimmedDataAccessException") })
      }
      return this.issue(shard, after, now)
    }),

    records: Effect.fnUntraced({ self: this }, function*(token) {
      yield* this.refuse("GetRecords")
      const now = yield* Clock.currentTimeMillis
      const iterator = this.iterators.get(token)
      if (iterator === undefined || iterator.epoch !== this.epoch || iterator.issuedAt <= now - iteratorLife) {
        return yield* new IteratorExpired({ cause: boom("ExpiredIteratorException") })
      }
      const { after, shard } = iterator
      if (!this.shards.includes(shard)) return yield* new Trimmed({ cause: boom("ResourceNotFoundException") })
      const isTrimmed = this.trims > 0 || this.isTrimmed(shard, after, now)
      this.trims = 0
      if (isTrimmed) return yield* new Trimmed({ cause: boom("TrimmedDataAccessException") })
      this.reads++
      const left = shard.records.filter(({ number }) => number > after)
      // Now and then nothing, though there is more; and now and then the same once more.
      const found = this.reads % 5 === 0 ? [] : left.slice(0, page)
      const last = found.at(-(this.reads % 7 === 0 ? 2 : 1))?.number ?? after
      const isEnd = shard.closed !== null && found.length === left.length
      return {
        records: found.map(({ record }) => record),
        next: isEnd ? null : this.issue(shard, last, now)
      }
    })
  })
}
