import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** What Lambda tells about an invocation, as far as it is of use here. */
export interface LambdaContext {
  readonly awsRequestId: string
  readonly getRemainingTimeInMillis: () => number
}

/**
 * Which records were not processed: at most one is named, and it and all behind it are delivered again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export interface BatchResponse {
  readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: string }>
}

/** The function was invoked with something else than records of a table's stream. */
export class NoStreamEvent extends Schema.TaggedError<NoStreamEvent>()("NoStreamEvent", { message: Schema.String }) {}

/** A record of a table's stream, of which only its place in its shard is known yet. */
export interface PlacedRecord {
  readonly sequenceNumber: string
  readonly record: unknown
}

const Place = Schema.Struct({ dynamodb: Schema.Struct({ SequenceNumber: Schema.String }) })
const decodeEvent = Schema.decodeUnknownEffect(Schema.Struct({ Records: Schema.Array(Schema.Unknown) }))
const decodePlace = Schema.decodeUnknownEffect(Place)

/** The records of an event from a table's stream. */
export const placedRecords = (event: unknown): Effect.Effect<ReadonlyArray<PlacedRecord>, NoStreamEvent> =>
  decodeEvent(event).pipe(
    Effect.flatMap(({ Records }) =>
      Effect.forEach(
        Records,
        (record) =>
          Effect.map(decodePlace(record), ({ dynamodb }) => ({ sequenceNumber: dynamodb.SequenceNumber, record }))
      )
    ),
    Effect.mapError(() =>
      new NoStreamEvent({
        message: "This function takes events from the stream of a DynamoDB table, and nothing else."
      })
    )
  )

/** Numbers of as many digits as there are, which no number of JavaScript holds. */
const isLower = (one: string, other: string): boolean =>
  one.length === other.length ? one < other : one.length < other.length

/** Asks for these records again, and for what is behind them, by naming the lowest of them. */
export const again = (records: ReadonlyArray<PlacedRecord>): BatchResponse => {
  const [first, ...rest] = records.map(({ sequenceNumber }) => sequenceNumber)
  return {
    batchItemFailures: first === undefined
      ? []
      : [{ itemIdentifier: rest.reduce((lowest, one) => (isLower(one, lowest) ? one : lowest), first) }]
  }
}
