import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { CommandInbox } from "../../../src/commands/CommandInbox.ts"
import type { CommentCommand } from "../../../src/domain/CommentCommand.ts"
import { commitItem } from "../../../src/events/dynamoCommits.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { dynamoRequest } from "../../../src/platform/DynamoError.ts"
import { DynamoTables } from "../../engines/dynamo.ts"
import { runLambda } from "../../programs/lambda/runLambda.ts"
import { decodeAttributes } from "../../support/attributes.ts"
import { edited, history, posted, stream } from "../../support/encodedCommits.ts"
import { entryOf, freshEdit, freshPost } from "../../support/inboxEntries.ts"
import { recordOf } from "../../support/streamRecords.ts"
import { outcomeOf, RecordedSite } from "./recordedSite.ts"

const log = history(stream(1), [posted("one")], [edited("two")], [edited("three")])

/** Puts commits into the events' table, past every program. */
export const putCommits = Effect.gen(function*() {
  const { client } = yield* DynamoDb
  const { events } = yield* DynamoTables
  yield* Effect.forEach(
    log,
    (commit) =>
      dynamoRequest((options) =>
        client.send(new PutItemCommand({ TableName: events, Item: commitItem(commit) }), options)
      )
  )
  return stream(1)
})

/** The projector gets the last record alone, and heals the gap before it. */
export const heal = Effect.gen(function*() {
  const { environmentOf } = yield* RecordedSite
  yield* putCommits
  const { failed } = yield* runLambda("projector", { environment: environmentOf("projector"), sdk: true })
  const records = log.map((commit, n) => recordOf(n, commitItem(commit)))
  assert.deepStrictEqual(yield* failed(records.slice(2)), [])
  assert.deepStrictEqual(yield* failed(records), [])
})

const accepted = Effect.fnUntraced(function*(n: number, command: CommentCommand) {
  const { client } = yield* DynamoDb
  const { inbox } = yield* DynamoTables
  yield* CommandInbox.use((inbox) => inbox.accept(entryOf(command)))
  const Key = { id: { S: command.commandId } }
  const { Item } = yield* dynamoRequest((options) =>
    client.send(new GetItemCommand({ TableName: inbox, Key }), options)
  )
  return recordOf(n, decodeAttributes(Item), "INSERT", ["id"])
})

/** The inbox runs a command that is done, one that is rejected, and one that was delivered before. */
export const runAccepted = Effect.gen(function*() {
  const { environmentOf } = yield* RecordedSite
  const { failed } = yield* runLambda("inbox", { environment: environmentOf("inbox"), sdk: true })
  const post = freshPost()
  const hopeless = freshEdit(freshPost().commentId, "To nobody")
  const first = yield* accepted(0, post)
  assert.deepStrictEqual(yield* failed([first, yield* accepted(1, hopeless)]), [])
  assert.deepStrictEqual(yield* failed([first]), [])
  assert.strictEqual((yield* outcomeOf(post.commandId))?._tag, "Done")
  assert.strictEqual((yield* outcomeOf(hopeless.commandId))?._tag, "Rejected")
})
