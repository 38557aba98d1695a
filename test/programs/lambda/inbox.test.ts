import { GetItemCommand } from "@aws-sdk/client-dynamodb"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { CommandInbox } from "../../../src/commands/CommandInbox.ts"
import * as DynamoCommandInbox from "../../../src/commands/DynamoCommandInbox.ts"
import type { CommandId } from "../../../src/domain/ids.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { describeDynamo, DynamoTables, dynoxide } from "../../engines/dynamo.ts"
import { decodeAttributes } from "../../support/attributes.ts"
import { dynamoLog } from "../../support/dynamoLog.ts"
import { entryOf, freshEdit, freshPost } from "../../support/inboxEntries.ts"
import { quiet } from "../../support/projection.ts"
import { recordOf, sequenceNumber } from "../../support/streamRecords.ts"
import { dynamoEnvironment } from "./dynamoEnvironment.ts"
import { runLambda } from "./runLambda.ts"

/** The record that accepting a command made: with the item as it lies in the table. */
const accepted = Effect.fnUntraced(function*(n: number, command: ReturnType<typeof freshPost>) {
  const { client } = yield* DynamoDb
  const tables = yield* DynamoTables
  yield* CommandInbox.use((inbox) => inbox.accept(entryOf(command)))
  const Key = { id: { S: command.commandId } }
  const { Item } = yield* Effect.promise(() => client.send(new GetItemCommand({ TableName: tables.inbox, Key })))
  return recordOf(n, decodeAttributes(Item), "INSERT", ["id"])
})

const outcome = (id: CommandId) =>
  CommandInbox.use((inbox) => Effect.map(inbox.find(id), (found) => Option.getOrThrow(found).outcome?._tag))

describeDynamo("The inbox's Lambda", (engine) => {
  const inbox = Layer.unwrap(
    Effect.map(DynamoTables, ({ inbox }) => DynamoCommandInbox.layer({ table: inbox }))
  ).pipe(Layer.provideMerge(dynamoLog(engine)))

  it.layer(Layer.merge(inbox, quiet))((it) => {
    it.effect("runs what was accepted, once, and has nothing to do with other records", () =>
      Effect.gen(function*() {
        const environment = yield* dynamoEnvironment(engine)
        const { failed } = yield* runLambda("inbox", { environment, sdk: true })
        const post = freshPost()
        const edit = freshEdit(post.commentId, "Even better!")
        const hopeless = freshEdit(freshPost().commentId, "To nobody")
        const posting = yield* accepted(0, post)
        assert.deepStrictEqual(yield* failed([posting, posting]), [])
        assert.strictEqual(yield* outcome(post.commandId), "Done")
        const rest = [yield* accepted(1, edit), yield* accepted(2, hopeless), { ...posting, eventName: "REMOVE" }]
        assert.deepStrictEqual(yield* failed([posting, ...rest]), [])
        assert.strictEqual(yield* outcome(edit.commandId), "Done")
        assert.strictEqual(yield* outcome(hopeless.commandId), "Rejected")
      }).pipe(Effect.scoped))

    // What it can't reach is the same on each.
    if (engine !== dynoxide) return

    it.effect("asks for what it couldn't run again, and runs it then", () =>
      Effect.gen(function*() {
        const environment = yield* dynamoEnvironment(engine)
        const post = freshPost()
        const posting = yield* accepted(3, post)
        const nowhere = { ...environment, DYNAMODB_ENDPOINT: "http://127.0.0.1:1" }
        const unable = yield* runLambda("inbox", { environment: nowhere, sdk: true })
        assert.deepStrictEqual(yield* unable.failed([posting]), [sequenceNumber(3)])
        assert.isUndefined(yield* outcome(post.commandId))
        const { failed } = yield* runLambda("inbox", { environment, sdk: true })
        assert.deepStrictEqual(yield* failed([posting]), [])
        assert.strictEqual(yield* outcome(post.commandId), "Done")
      }).pipe(Effect.scoped))
  })
})
