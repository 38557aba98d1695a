import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Result } from "effect"
import { DynamoStreams, ShardPosition } from "../../src/platform/DynamoStreams.ts"
import { decodeStreamRecord } from "../../src/projections/streamRecords.ts"
import { describeDynamo, DynamoTables } from "../engines/dynamo.ts"
import { freshStream } from "../support/commitOn.ts"
import { dynamoLog } from "../support/dynamoLog.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { streamsOn } from "../support/streamProjection.ts"
import { append, wholeLog } from "../support/tailing.ts"

describeDynamo("DynamoDB Streams", (engine) => {
  it.layer(streamsOn(engine).pipe(Layer.provideMerge(dynamoLog(engine))), { excludeTestServices: true })((it) => {
    it.effect("has no stream of a table that isn't there", () =>
      Effect.gen(function*() {
        const { streamOf } = yield* DynamoStreams
        assert.deepStrictEqual(yield* streamOf("no-such-table"), Option.none())
      }))

    it.effect("reads a shard from its beginning, after a record, and from what is there at present", () =>
      Effect.gen(function*() {
        const { iterator, records, shards, streamOf } = yield* DynamoStreams
        const { events } = yield* DynamoTables
        const stream = Option.getOrThrow(yield* streamOf(events))
        const subject = freshStream()
        yield* append(subject, posted("one"), edited("two"), edited("three"))
        const [shard = assert.fail()] = yield* shards(stream)
        const read = Effect.fnUntraced(function*(position: ShardPosition) {
          const token = yield* iterator(stream, shard.id, position)
          const found = yield* records(token ?? assert.fail())
          assert.isNotNull(found.next)
          return found.records
        })
        const all = yield* read(ShardPosition.TrimHorizon())
        const commits = all.map((record) => Result.getOrThrow(decodeStreamRecord(record)).commit)
        assert.sameDeepMembers(commits, Array.from(yield* wholeLog))
        const [first = assert.fail()] = all
        const sequenceNumber = first.dynamodb.SequenceNumber
        assert.deepStrictEqual(yield* read(ShardPosition.AfterSequenceNumber({ sequenceNumber })), all.slice(1))
        assert.deepStrictEqual(yield* read(ShardPosition.Latest()), [])
      }))

    it.effect("says that an iterator which nobody knows is no longer good, and that a stream is gone", () =>
      Effect.gen(function*() {
        const { records, shards, streamOf } = yield* DynamoStreams
        const { events } = yield* DynamoTables
        assert.strictEqual((yield* Effect.flip(records("nonsense")))._tag, "IteratorExpired")
        const stream = Option.getOrThrow(yield* streamOf(events))
        const other = stream.replaceAll(events, "no-such-table")
        assert.strictEqual((yield* Effect.flip(shards(other)))._tag, "Trimmed")
      }))
  })
})
