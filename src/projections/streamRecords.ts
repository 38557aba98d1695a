import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { EncodedCommit } from "../events/Commit.ts"
import { salvageCommit } from "../events/salvage.ts"
import { recordsPassedOver } from "./metrics.ts"

/** A record of the stream of the events' table, as far as it is for the projector. */
export interface StreamRecord {
  /** Its place in its shard, in decimal digits. */
  readonly sequenceNumber: string
  /**
   * What was appended. Where it is damaged but its place can be read, this is what the projector parks the stream with.
   * Null for a record that there is nothing to project of.
   */
  readonly commit: EncodedCommit | null
  /** Why there is nothing to project, without anything that a person wrote; null if there is. */
  readonly passedOver: string | null
}

// As Lambda's event has it in JSON, and as the SDK's `_Record`: they differ only in how binary and times come.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
const Attributes = Schema.Record(Schema.String, Schema.Unknown)
const Raw = Schema.Struct({
  eventName: Schema.String,
  dynamodb: Schema.Struct({
    SequenceNumber: Schema.String.check(Schema.isPattern(/^\d{1,64}$/)),
    Keys: Schema.optionalKey(Attributes),
    NewImage: Schema.optionalKey(Attributes)
  })
})
const decodeRaw = Schema.decodeUnknownResult(Raw)

/**
 * A record, as Lambda or the SDK gives it. Fails for what isn't a record of a table's stream at all.
 *
 * Only an INSERT is an append: the log never changes what it has. A record of anything else, and an item that isn't in any
 * comment's stream, are somebody's who writes to the table by hand. They hold nothing that the read model could have, so
 * they are passed over: to refuse them would hold up the shard for a day, and then lose all that is behind them.
 */
export const decodeStreamRecord = (record: unknown): Result.Result<StreamRecord, Schema.SchemaError> =>
  Result.map(decodeRaw(record), ({ dynamodb: { Keys, NewImage, SequenceNumber: sequenceNumber }, eventName }) => {
    if (eventName !== "INSERT") {
      return { sequenceNumber, commit: null, passedOver: `${eventName.slice(0, 20)} is not an append` }
    }
    const commit = salvageCommit({ ...Keys, ...NewImage })
    return Result.isSuccess(commit)
      ? { sequenceNumber, commit: commit.success, passedOver: null }
      : { sequenceNumber, commit: null, passedOver: "the item is not in the stream of a comment" }
  })

/** Those that are passed over are counted, and logged with their sequence numbers. */
const commitsOf = Effect.fnUntraced(function*(records: ReadonlyArray<StreamRecord>) {
  for (const { passedOver, sequenceNumber } of records) {
    if (passedOver === null) continue
    yield* Metric.update(recordsPassedOver, 1)
    yield* Effect.logError("A record of the table's stream is passed over: the log doesn't write such").pipe(
      Effect.annotateLogs({ sequenceNumber, reason: passedOver })
    )
  }
  return records.map(({ commit }) => commit).filter((commit) => commit !== null)
})

/** The commits that are in these records, as Lambda or the SDK gives them. Fails for what isn't a stream's record. */
export const commitsIn = (records: ReadonlyArray<unknown>) =>
  Effect.flatMap(Effect.fromResult(Result.all(records.map(decodeStreamRecord))), commitsOf)
