import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb"
import { Array as Arr, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { CommentId } from "../../../src/domain/ids.ts"
import { dynamoAppend } from "../../../src/events/dynamoAppend.ts"
import type { Attributes } from "../../../src/events/dynamoAttributes.ts"
import { newStream } from "../../../src/events/Head.ts"
import { prepare, type Writing } from "../../../src/events/internal/writing.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { draftOf } from "./events.ts"
import { inBatches } from "./inBatches.ts"
import { commitOf } from "./ourCommits.ts"

// Bound values of one statement, at most 65,535.
const rowsAtOnce = 500

/**
 * Streams of so many events, one in each commit, as the store on DynamoDB would have written them one by one: its own
 * items, written past it, which would take its time for them.
 */
export const fillTable = Effect.fn("fillTable")(
  function*(table: string, streams: ReadonlyArray<string>, events: number) {
    const { client } = yield* DynamoDb
    const items: Array<Attributes> = []
    for (const stream of streams) {
      let head = newStream(CommentId.make(stream))
      while (head.version < events) {
        const append = yield* dynamoAppend(table, head, commitOf(head, draftOf(stream, head.version + 1)))
        items.push(append.put.Item)
        head = append.head
      }
    }
    yield* Effect.promise(() =>
      inBatches(items, (batch) =>
        client.send(
          new BatchWriteItemCommand({ RequestItems: { [table]: batch.map((Item) => ({ PutRequest: { Item } })) } })
        ))
    )
  }
)

const rowOf = ({ encoded: { id, lastVersion, stream, version }, eventsJson, snapshotJson }: Writing) => ({
  stream,
  version,
  last_version: lastVersion,
  commit_id: id,
  events: eventsJson,
  snapshot: snapshotJson
})

/** The same for the store on Postgres: its own rows, many in a statement. */
export const fillLog = Effect.fn("fillLog")(function*(streams: ReadonlyArray<string>, events: number) {
  const sql = yield* SqlClient.SqlClient
  let rows: Array<ReturnType<typeof rowOf>> = []
  const flush = Effect.suspend(() => {
    const full = rows
    rows = []
    return Arr.isArrayNonEmpty(full) ? Effect.asVoid(sql`INSERT INTO commits ${sql.insert(full)}`) : Effect.void
  })
  for (const stream of streams) {
    let head = newStream(CommentId.make(stream))
    while (head.version < events) {
      const writing = yield* prepare(head, commitOf(head, draftOf(stream, head.version + 1)))
      rows.push(rowOf(writing))
      head = writing.head
      if (rows.length >= rowsAtOnce) yield* flush
    }
  }
  yield* flush
})
