import { GetItemCommand } from "@aws-sdk/client-dynamodb"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as DynamoCommandInbox from "../../src/commands/DynamoCommandInbox.ts"
import type { CommandId } from "../../src/domain/ids.ts"
import { fromAttributes } from "../../src/events/dynamoAttributes.ts"
import * as DynamoEventStore from "../../src/events/DynamoEventStore.ts"
import { newStream } from "../../src/events/Head.ts"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { commandInboxContract } from "../contract/commandInbox.ts"
import { accept, accepted, appendAndSettle, commitFor, settle } from "../contract/commandInboxSteps.ts"
import { describeDynamo, DynamoTables } from "../engines/dynamo.ts"
import { acceptedAt, entryOf, freshPost } from "../support/inboxEntries.ts"

/** An entry as it lies in its table. */
const itemOf = Effect.fnUntraced(function*(id: CommandId) {
  const { client } = yield* DynamoDb
  const { inbox } = yield* DynamoTables
  const { Item } = yield* Effect.promise(() =>
    client.send(new GetItemCommand({ TableName: inbox, Key: { id: { S: id } }, ConsistentRead: true }))
  )
  return fromAttributes(Item) ?? {}
})

/** The inbox as the programs have it, on tables of an engine. */
const inboxOf = (inbox: string, events: string) =>
  DynamoCommandInbox.layer({ table: inbox }).pipe(Layer.provideMerge(DynamoEventStore.layer({ table: events })))

describeDynamo("DynamoCommandInbox", (engine) => {
  const layer = Layer.unwrap(Effect.map(DynamoTables, ({ events, inbox }) => inboxOf(inbox, events))).pipe(
    Layer.provideMerge(engine.tables())
  )

  commandInboxContract(`DynamoCommandInbox on ${engine.name}`, layer)

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect("has an entry in the index of what is pending exactly as long as it is, and its expiry in seconds", () =>
      Effect.gen(function*() {
        const [settled, appended] = [yield* accepted(freshPost()), yield* accepted(freshPost())]
        for (const { commandId } of [settled, appended]) {
          const item = yield* itemOf(commandId)
          assert.include([0, 1, 2, 3], item["pending"])
          assert.deepInclude(item, { status: "pending", acceptedAt })
          assert.strictEqual(item["expiresAt"], Math.ceil(acceptedAt / 1000 + 7 * 24 * 60 * 60))
        }
        yield* settle(settled.commandId, { _tag: "Failed", reason: "a reason" })
        const head = newStream(appended.commentId)
        yield* appendAndSettle(head, commitFor(head, appended), appended.commandId)
        for (const { commandId } of [settled, appended]) {
          const item = yield* itemOf(commandId)
          assert.notProperty(item, "pending")
          assert.property(item, "expiresAt")
        }
      }))

    it.effect("is unavailable, with nothing done, while its table isn't there", () =>
      Effect.gen(function*() {
        const refused = yield* Effect.flip(accept(entryOf(freshPost())))
        assert.deepInclude(refused, { _tag: "InboxUnavailable", operation: "accept", outcome: "nothing" })
        const post = freshPost()
        const head = newStream(post.commentId)
        const failed = yield* Effect.flip(appendAndSettle(head, commitFor(head, post), post.commandId))
        assert.deepInclude(failed, { _tag: "EventStoreUnavailable", outcome: "nothing" })
      }).pipe(
        Effect.provide(Layer.unwrap(Effect.map(DynamoTables, ({ events }) => inboxOf("no-such-table", events))))
      ))
  })

  it.effect("says that nothing was done where nobody listens", () =>
    Effect.gen(function*() {
      const settled = yield* Effect.flip(settle(freshPost().commandId, { _tag: "Failed", reason: "a reason" }))
      assert.deepInclude(settled, { _tag: "InboxUnavailable", operation: "settle", outcome: "nothing" })
    }).pipe(
      Effect.provide(
        inboxOf("inbox", "events").pipe(
          Layer.provide(DynamoDb.layer({ endpoint: "http://127.0.0.1:1", region: "eu-central-1" }))
        )
      )
    ))
})
