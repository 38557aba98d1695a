import { DescribeTableCommand } from "@aws-sdk/client-dynamodb"
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorInput
} from "@aws-sdk/client-dynamodb-streams"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { clientOptions, DynamoDb, type DynamoDbSettings, unlogged } from "./DynamoDb.ts"
import { type DynamoError, dynamoRequest, retryTransient } from "./DynamoError.ts"

/** What was to be read is gone: older than 24 hours, or its shard or stream is no longer there. */
export class Trimmed extends Schema.TaggedError<Trimmed>()("Trimmed", { cause: Schema.Defect() }) {}

/** An iterator lives for 15 minutes. This one is no longer good; its place is. */
export class IteratorExpired extends Schema.TaggedError<IteratorExpired>()("IteratorExpired", {
  cause: Schema.Defect()
}) {}

/** The stream can't be read at present: throttled, refused, out of reach, or not understood. */
export class StreamsUnavailable extends Schema.TaggedError<StreamsUnavailable>()("StreamsUnavailable", {
  operation: Schema.Literals(["DescribeTable", "DescribeStream", "GetShardIterator", "GetRecords"]),
  cause: Schema.Defect()
}) {}

/** Part of a stream. Records of one item are in one shard, or in it and its descendants; only those are ordered. */
export interface Shard {
  readonly id: string
  /** The shard that this one goes on from. It may be so old that it is no longer there. */
  readonly parent: string | null
  /** The last sequence number so far, where the engine tells it. On AWS only a closed shard has one; dynoxide always says. */
  readonly ending: string | null
}

/** From where a shard is to be read. */
export type ShardPosition = Data.TaggedEnum<{
  /** The oldest record that is still there. */
  TrimHorizon: {}
  AfterSequenceNumber: { readonly sequenceNumber: string }
  /** After what is there at present. */
  Latest: {}
}>
export const ShardPosition = Data.taggedEnum<ShardPosition>()

const Record = Schema.Struct({
  eventName: Schema.Literals(["INSERT", "MODIFY", "REMOVE"]),
  dynamodb: Schema.Struct({
    SequenceNumber: Schema.String,
    ApproximateCreationDateTime: Schema.Date,
    Keys: Schema.optionalKey(Schema.Unknown),
    NewImage: Schema.optionalKey(Schema.Unknown)
  })
})
const decodeRecords = Schema.decodeUnknownEffect(Schema.Array(Record))

/** A change of an item, with AWS's names: one decoder reads it here and in the events that Lambda hands over. */
export type StreamRecord = typeof Record.Type

/** Some records of a shard, in its order. `next` is null once a closed shard has been read to its end. */
export interface ReadRecords {
  readonly records: ReadonlyArray<StreamRecord>
  readonly next: string | null
}

/** The most that DynamoDB gives at once. */
export const maxRecords = 1000

const nameOf = (cause: unknown): unknown => Predicate.hasProperty(cause, "name") ? cause.name : undefined

const gone: ReadonlySet<unknown> = new Set(["TrimmedDataAccessException", "ResourceNotFoundException"])

// Not understood is an iterator that the engine has forgotten, and a sequence number that isn't the shard's.
const invalid = "ValidationException"

type Operation = StreamsUnavailable["operation"]

// What its caller has an answer to. All else is the request's failure.
const told = (operation: Operation) => (error: DynamoError): Trimmed | IteratorExpired | DynamoError => {
  const { cause } = error
  const name = nameOf(cause)
  if (gone.has(name) || (name === invalid && operation === "GetShardIterator")) return new Trimmed({ cause })
  return name === "ExpiredIteratorException" || (name === invalid && operation === "GetRecords")
    ? new IteratorExpired({ cause })
    : error
}

const attempt = <A>(operation: Operation, send: Parameters<typeof dynamoRequest<A>>[0]) =>
  dynamoRequest(send).pipe(
    Effect.mapError(told(operation)),
    retryTransient,
    Effect.mapError((error) =>
      error._tag === "DynamoError" ? new StreamsUnavailable({ operation, cause: error.cause }) : error
    )
  )

const neverExpires = <A, R>(effect: Effect.Effect<A, Trimmed | IteratorExpired | StreamsUnavailable, R>) =>
  Effect.catchTag(effect, "IteratorExpired", Effect.die)

type IteratorType = Pick<GetShardIteratorInput, "ShardIteratorType" | "SequenceNumber">

const iteratorType = ShardPosition.$match({
  TrimHorizon: (): IteratorType => ({ ShardIteratorType: "TRIM_HORIZON" }),
  AfterSequenceNumber: ({ sequenceNumber }): IteratorType => ({
    ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
    SequenceNumber: sequenceNumber
  }),
  Latest: (): IteratorType => ({ ShardIteratorType: "LATEST" })
})

const make = Effect.fnUntraced(function*(settings: DynamoDbSettings) {
  const { client: tables } = yield* DynamoDb
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => unlogged(new DynamoDBStreamsClient(clientOptions(settings)))),
    (client) => Effect.sync(() => client.destroy())
  )

  const streamOf = Effect.fn("DynamoStreams.streamOf")(function*(table: string) {
    const { Table } = yield* attempt(
      "DescribeTable",
      (options) => tables.send(new DescribeTableCommand({ TableName: table }), options)
    )
    return Table?.StreamSpecification?.StreamEnabled === true
      ? Option.fromNullishOr(Table.LatestStreamArn)
      : Option.none<string>()
  }, (effect) => Effect.catchTag(neverExpires(effect), "Trimmed", () => Effect.succeed(Option.none<string>())))

  const shards = Effect.fn("DynamoStreams.shards")(function*(stream: string) {
    const found: Array<Shard> = []
    let after: string | undefined
    do {
      const { StreamDescription } = yield* attempt("DescribeStream", (options) =>
        client.send(
          new DescribeStreamCommand({
            StreamArn: stream,
            ...(after === undefined ? {} : { ExclusiveStartShardId: after })
          }),
          options
        ))
      for (const { ParentShardId, SequenceNumberRange, ShardId } of StreamDescription?.Shards ?? []) {
        if (ShardId === undefined) continue
        const ending = SequenceNumberRange?.EndingSequenceNumber ?? null
        found.push({ id: ShardId, parent: ParentShardId ?? null, ending })
      }
      after = StreamDescription?.LastEvaluatedShardId
    } while (after !== undefined)
    return found
  }, neverExpires)

  const iterator = Effect.fn("DynamoStreams.iterator")(function*(
    stream: string,
    shard: string,
    position: ShardPosition
  ) {
    const input = { StreamArn: stream, ShardId: shard, ...iteratorType(position) }
    const { ShardIterator } = yield* attempt(
      "GetShardIterator",
      (options) => client.send(new GetShardIteratorCommand(input), options)
    )
    return ShardIterator ?? null
  }, neverExpires)

  const records = Effect.fn("DynamoStreams.records")(function*(iterator: string) {
    const { NextShardIterator, Records } = yield* attempt(
      "GetRecords",
      (options) => client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: maxRecords }), options)
    )
    const found = yield* Effect.mapError(
      decodeRecords(Records ?? []),
      (cause) => new StreamsUnavailable({ operation: "GetRecords", cause })
    )
    return { records: found, next: NextShardIterator ?? null } satisfies ReadRecords
  })

  return DynamoStreams.of({ streamOf, shards, iterator, records })
})

/**
 * The streams of DynamoDB's tables: what changed in the last 24 hours. Each request is tried again for a while, with full
 * jitter, when it is throttled or gets no answer.
 */
export class DynamoStreams extends Context.Service<DynamoStreams, {
  /** The ARN of the table's stream; none if there is no such table, or if its stream is off. A table made anew has another. */
  streamOf(table: string): Effect.Effect<Option.Option<string>, StreamsUnavailable>

  /** All shards of a stream that are still there. AWS takes 10 requests a second for this, an account's streams together. */
  shards(stream: string): Effect.Effect<ReadonlyArray<Shard>, Trimmed | StreamsUnavailable>

  /** An iterator at a place in a shard; null where there is nothing to come. */
  iterator(
    stream: string,
    shard: string,
    position: ShardPosition
  ): Effect.Effect<string | null, Trimmed | StreamsUnavailable>

  /** At most 1000 records. There may be more when there are none: only `next` says that the shard has ended. */
  records(iterator: string): Effect.Effect<ReadRecords, Trimmed | IteratorExpired | StreamsUnavailable>
}>()("marginalia/platform/DynamoStreams") {
  static readonly layer = (settings: DynamoDbSettings = {}): Layer.Layer<DynamoStreams, never, DynamoDb> =>
    Layer.effect(DynamoStreams, make(settings))
}
