import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand
} from "@aws-sdk/client-dynamodb"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { DynamoDb } from "../platform/DynamoDb.ts"
import { type DynamoError, dynamoRequest, retryThrottled } from "../platform/DynamoError.ts"
import type { Commit, EncodedCommit } from "./Commit.ts"
import { type DynamoAppend, dynamoAppend, recognise } from "./dynamoAppend.ts"
import { type CommitTooLarge, EventStore, type EventStoreUnavailable, type VersionConflict } from "./EventStore.ts"
import type { Head } from "./Head.ts"
import { counting, writeUnits } from "./internal/dynamoCapacity.ts"
import { asStoreOperation } from "./internal/dynamoFailure.ts"
import { dynamoReads, type StreamQuery } from "./internal/dynamoReads.ts"
import { scanSegments } from "./internal/dynamoScan.ts"
import { loadHead, type ReadNewest } from "./internal/load.ts"
import { AppendRefused } from "./JointAppend.ts"

/** Which table the log is, and how the store treats DynamoDB. */
export interface DynamoEventStoreSettings {
  readonly table: string
  /** How long each operation may take, with all its tries; of a scan or a long read, each request. 5 seconds, if left out. */
  readonly timeLimit?: Duration.Input
}

/** Appends and writes another item in one transaction. */
export class DynamoJointAppend extends Context.Service<DynamoJointAppend, {
  /**
   * Nothing is appended where the condition of `also` fails, nor is `also` written where the append's place is taken. A
   * repetition succeeds as that of an append does, and writes nothing again.
   */
  append(
    head: Head,
    commit: Commit,
    also: TransactWriteItem
  ): Effect.Effect<Head, VersionConflict | AppendRefused | EventStoreUnavailable | CommitTooLarge>
}>()("marginalia/events/DynamoEventStore/DynamoJointAppend") {}

const make = Effect.fnUntraced(function*({ table, timeLimit = "5 seconds" }: DynamoEventStoreSettings) {
  const { client } = yield* DynamoDb
  const { query, scan } = dynamoReads(client, table)
  const loading = asStoreOperation("load", timeLimit)
  const appending = asStoreOperation("append", timeLimit)
  const reading = asStoreOperation("readStream", timeLimit)
  const scanning = asStoreOperation("readAll", timeLimit)

  const read: ReadNewest<EventStoreUnavailable> = ({ before: below, consistency, limit, stream }) =>
    loading(query({ stream, below, limit, isStrong: consistency === "strong", isBackward: true })).pipe(
      Effect.map(({ commits }) => commits)
    )

  const failedAlone = Effect.fnUntraced(function*(append: DynamoAppend, error: DynamoError) {
    const { cause } = error
    return cause instanceof ConditionalCheckFailedException ? yield* recognise(append, cause.Item) : yield* error
  })

  // Nothing but the place guards an append, and nothing else has to: a head can't be made up, so the stream did end at its
  // version once, and whatever went on from there has the place of the next.
  const put = (append: DynamoAppend) =>
    dynamoRequest((options) =>
      client.send(new PutItemCommand({ ...append.put, ReturnConsumedCapacity: "TOTAL" }), options)
    ).pipe(
      counting(writeUnits),
      Effect.as(append.head),
      Effect.catch((error) => failedAlone(append, error)),
      retryThrottled,
      appending
    )

  // The place comes first: a repetition finds its own commit there, and of course `also` can't be done again.
  const failedTogether = Effect.fnUntraced(function*(append: DynamoAppend, error: DynamoError) {
    const reasons = error.cause instanceof TransactionCanceledException ? error.cause.CancellationReasons : undefined
    const [mine, others] = reasons ?? []
    if (mine?.Code === "ConditionalCheckFailed") return yield* recognise(append, mine.Item)
    if (mine?.Code === "None" && others?.Code === "ConditionalCheckFailed") {
      return yield* new AppendRefused({ stream: append.commit.stream })
    }
    return yield* error
  })

  const putWith = (append: DynamoAppend, also: TransactWriteItem) =>
    dynamoRequest((options) =>
      client.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: append.put }, also], ReturnConsumedCapacity: "TOTAL" }),
        options
      )
    ).pipe(
      counting(writeUnits),
      Effect.as(append.head),
      Effect.catch((error) => failedTogether(append, error)),
      retryThrottled,
      appending
    )

  /** All pages of a query, up to its limit. */
  const readPages = Effect.fnUntraced(function*(wanted: StreamQuery) {
    const found: Array<EncodedCommit> = []
    let after: StreamQuery["after"]
    do {
      const page = yield* reading(query({ ...wanted, limit: wanted.limit - found.length, after }))
      found.push(...page.commits)
      after = page.next
    } while (after !== undefined && found.length < wanted.limit)
    return found
  })

  const store = EventStore.of({
    load: Effect.fn("EventStore.load")(function*(stream, consistency) {
      return yield* loadHead(read, stream, consistency)
    }),

    append: Effect.fn("EventStore.append")(function*(head, commit) {
      return yield* put(yield* dynamoAppend(table, head, commit))
    }),

    // The commit that holds `from` may have begun before it: that is the last one below, if any.
    readStream: Effect.fn("EventStore.readStream")(function*(stream, { from, limit }) {
      if (limit < 1) return []
      const which = { stream, isStrong: true }
      const [before, following] = yield* Effect.all([
        from > 1 ? readPages({ ...which, below: from, isBackward: true, limit: 1 }) : Effect.succeed([]),
        readPages({ ...which, from, isBackward: false, limit })
      ], { concurrency: 2 })
      return [...before.filter(({ lastVersion }) => lastVersion >= from), ...following].slice(0, limit)
    }),

    readAll: (after) => scanSegments((part) => scanning(scan(part)), after)
  })

  const joint = DynamoJointAppend.of({
    append: Effect.fn("DynamoJointAppend.append")(function*(head, commit, also) {
      return yield* putWith(yield* dynamoAppend(table, head, commit), also)
    })
  })

  return Context.make(EventStore, store).pipe(Context.add(DynamoJointAppend, joint))
})

/**
 * The event store in DynamoDB: one item for each commit, appended by one conditional put, loaded by one query of the
 * newest items. The table is there already (`platform/dynamoTables.ts`, or the templates on AWS); whether it is shows
 * with the first operation.
 */
export const layer = (
  settings: DynamoEventStoreSettings
): Layer.Layer<EventStore | DynamoJointAppend, never, DynamoDb> => Layer.effectContext(make(settings))
