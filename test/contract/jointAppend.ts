import { GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb"
import { assert, type Vitest } from "@effect/vitest"
import { Effect } from "effect"
import type { Commit } from "../../src/events/Commit.ts"
import { DynamoJointAppend } from "../../src/events/DynamoEventStore.ts"
import type { EventStore } from "../../src/events/EventStore.ts"
import type { Head } from "../../src/events/Head.ts"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { DynamoTables } from "../engines/dynamo.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { append, stored, versionsOf, written } from "./eventStoreSteps.ts"

/** Puts an item with this id into the other table, unless there is one. */
const note = (id: string) =>
  Effect.map(DynamoTables, ({ inbox }): TransactWriteItem => ({
    Put: { TableName: inbox, Item: { id: { S: id } }, ConditionExpression: "attribute_not_exists(id)" }
  }))

export const isNoted = Effect.fnUntraced(function*(id: string) {
  const { client } = yield* DynamoDb
  const { inbox: TableName } = yield* DynamoTables
  const { Item } = yield* Effect.promise(() => client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } })))
  return Item !== undefined
})

export const appendNoting = Effect.fnUntraced(function*(head: Head, commit: Commit, id: string) {
  const joint = yield* DynamoJointAppend
  return yield* joint.append(head, commit, yield* note(id))
})

/** What an append together with another write promises, on whatever speaks DynamoDB's protocol. */
export const jointAppends = (
  it: Vitest.MethodsNonLive<EventStore | DynamoJointAppend | DynamoDb | DynamoTables>
): void => {
  it.effect("is done with it, and gives the stream's head", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const id = freshStream()
      const after = yield* appendNoting(head, commitOn(head, [edited("b")]), id)
      assert.isTrue(yield* isNoted(id))
      yield* append(after, edited("c"))
      assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2, 3])
    }))

  it.effect("succeeds again when it is repeated, and writes nothing again", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const [commit, id] = [commitOn(head, [edited("b")]), freshStream()]
      const after = yield* appendNoting(head, commit, id)
      assert.deepStrictEqual(yield* appendNoting(head, commit, id), after)
      assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2])
    }))

  it.effect("isn't done, nor is the other, where the other can't be", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const id = freshStream()
      const after = yield* appendNoting(head, commitOn(head, [edited("b")]), id)
      const error = yield* Effect.flip(appendNoting(after, commitOn(after, [edited("c")]), id))
      assert.strictEqual(error._tag, "AppendRefused")
      assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2])
    }))

  it.effect("isn't done, nor is the other, where another commit has the place", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const rival = commitOn(head, [edited("first")])
      yield* appendNoting(head, rival, freshStream())
      const id = freshStream()
      const error = yield* Effect.flip(appendNoting(head, commitOn(head, [edited("late")]), id))
      assert(error._tag === "VersionConflict")
      assert.strictEqual(error.winner?.id, rival.id)
      assert.isFalse(yield* isNoted(id))
      assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2])
    }))
}
