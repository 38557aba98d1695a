import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb"
import { Array as Arr, Clock, Effect, Layer } from "effect"
import { randomUUID } from "node:crypto"
import { CommentText } from "../../../src/domain/CommentText.ts"
import { AuthorId, CommandId, CommentId, CommitId, CorrelationId, EventId, PictureId } from "../../../src/domain/ids.ts"
import { record } from "../../../src/events/Commit.ts"
import { dynamoAppend } from "../../../src/events/dynamoAppend.ts"
import type { Attributes } from "../../../src/events/dynamoAttributes.ts"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import { EventStore } from "../../../src/events/EventStore.ts"
import { newStream } from "../../../src/events/Head.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { createTables } from "../../../src/platform/dynamoTables.ts"
import { authorOf, usualText } from "../subject/drafts.ts"
import type { WorkDone, WorkEngines, WorkRow } from "./WorkRow.ts"

const loads = 5000
const inFlight = 16

// What DynamoDB takes in one BatchWriteItem.
const itemsAtOnce = 25

/** A stream of so many events, one in each commit, written past the store, which would take its time for them. */
const grow = Effect.fnUntraced(function*(table: string, events: number) {
  const { client } = yield* DynamoDb
  let head = newStream(CommentId.make(randomUUID()))
  const items: Array<Attributes> = []
  while (head.version < events) {
    const text = CommentText.make(usualText(head.version))
    const author = AuthorId.make(authorOf(0))
    const commit = record(
      head,
      [
        head.version === 0
          ? { _tag: "CommentPosted", pictureId: PictureId.make("picture-0"), authorId: author, text }
          : { _tag: "CommentEdited", text }
      ],
      {
        commitId: CommitId.make(randomUUID()),
        eventIds: [EventId.make(randomUUID())],
        commandId: CommandId.make(randomUUID()),
        correlationId: CorrelationId.make(randomUUID()),
        fingerprint: null,
        actor: author,
        traceParent: null,
        now: Date.UTC(2026, 0, 1) + head.version
      }
    )
    const append = yield* dynamoAppend(table, head, commit)
    items.push(append.put.Item)
    head = append.head
  }
  yield* Effect.forEach(
    Arr.chunksOf(items, itemsAtOnce),
    (chunk) =>
      Effect.promise(() =>
        client.send(
          new BatchWriteItemCommand({ RequestItems: { [table]: chunk.map((Item) => ({ PutRequest: { Item } })) } })
        )
      ),
    { discard: true }
  )
  return head.stream
})

const loading = (events: number) => (engines: WorkEngines): Promise<WorkDone> => {
  const table = `events-${randomUUID()}`
  return Effect.runPromise(
    Effect.gen(function*() {
      yield* createTables({ events: table, inbox: `inbox-${randomUUID()}` })
      const stream = yield* grow(table, events)
      const { load } = yield* EventStore
      const some = (count: number) =>
        Effect.forEach(Arr.makeBy(count, () => stream), (stream) => load(stream, "eventual"), {
          concurrency: inFlight,
          discard: true
        })
      yield* some(loads / 5)
      const begun = yield* Clock.currentTimeNanos
      yield* some(loads)
      return { amount: loads, seconds: Number((yield* Clock.currentTimeNanos) - begun) / 1e9 } satisfies WorkDone
    }).pipe(
      Effect.provide(
        DynamoEventStore.layer({ table }).pipe(
          Layer.provideMerge(DynamoDb.layer({ endpoint: engines.dynamo, region: "local" }))
        )
      )
    )
  )
}

/** The head of a stream of 10,000 events is loaded again and again, 16 loads at a time; beside it, that of a stream of 10. */
export const row: WorkRow = {
  name: "load",
  title: "load of 10,000 events",
  unit: "loads",
  aim: null,
  twinTitle: "load of 10 events",
  subject: loading(10_000),
  twin: loading(10)
}
