import { PutItemCommand } from "@aws-sdk/client-dynamodb"
import { assert, it } from "@effect/vitest"
import { Array, Cause, Effect, Layer } from "effect"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { ScanCheckpoint } from "../../src/events/EventStore.ts"
import { newStream } from "../../src/events/Head.ts"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import * as DynamoLogControls from "../contract/DynamoLogControls.ts"
import { EventLogControls } from "../contract/EventLogControls.ts"
import { eventStoreContract } from "../contract/eventStore.ts"
import { append, load, put, scanned, stored, versionsOf, written } from "../contract/eventStoreSteps.ts"
import { describeDynamo, DynamoTables } from "../engines/dynamo.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { dynamoLog } from "../support/dynamoLog.ts"
import { commit, deleted, edited, posted } from "../support/encodedCommits.ts"

/** The requests that an effect makes, by their names. */
const requestsOf = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
  Effect.flatMap(DynamoDb, ({ client }) => DynamoLogControls.madeBy(client, effect)).pipe(
    Effect.map((made) => made.map(({ command }) => command))
  )

const plant = (commits: Parameters<EventLogControls["Service"]["plant"]>[0]) =>
  EventLogControls.use((controls) => controls.plant(commits))

describeDynamo("DynamoEventStore", (engine) => {
  const layer = DynamoLogControls.layer.pipe(Layer.provideMerge(dynamoLog(engine)))

  eventStoreContract(`DynamoEventStore on ${engine.name}`, layer)

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect("appends by one request", () =>
      Effect.gen(function*() {
        const { head } = yield* written([posted("a")])
        assert.deepStrictEqual(yield* requestsOf(append(head, edited("b"), edited("c"))), ["PutItemCommand"])
      }))

    it.effect("learns who has its place by the request that conflicts", () =>
      Effect.gen(function*() {
        const { heads: [, early = assert.fail()] } = yield* written([posted("a")], [edited("b")])
        assert.deepStrictEqual(yield* requestsOf(Effect.flip(append(early, edited("late")))), ["PutItemCommand"])
      }))

    it.effect("loads by one request, a short stream and a long one of large commits", () =>
      Effect.gen(function*() {
        const short = yield* written([posted("a")])
        assert.deepStrictEqual(yield* requestsOf(load(short.stream)), ["QueryCommand"])
        let head = short.head
        for (let n = 0; n < 20; n++) {
          head = yield* append(head, edited("l".repeat(2000)))
          assert.deepStrictEqual(yield* requestsOf(load(head.stream)), ["QueryCommand"])
        }
      }))

    it.effect("goes back for older commits, 4 at a time, only where there are no snapshots that it knows", () =>
      Effect.gen(function*() {
        const stream = freshStream()
        yield* plant(Array.makeBy(20, (n) => commit(stream, n + 1, n === 0 ? posted("a") : edited(`${n}`))))
        const requests = yield* requestsOf(load(stream))
        assert.deepStrictEqual(requests, Array.makeBy(requests.length, () => "QueryCommand"))
        assert.include([5, 6], requests.length)
      }))

    it.effect("reads commits that are more than a page of an answer, which is 1 MB", () =>
      Effect.gen(function*() {
        const stream = freshStream()
        const edits = Array.makeBy(50, () => edited("長".repeat(2200)))
        const commits = Array.makeBy(
          5,
          (n) => commit(stream, 1 + n * 51, n === 0 ? posted("a") : edited("b"), ...edits)
        )
        for (const one of commits) yield* plant([one])
        assert.deepStrictEqual(versionsOf(yield* stored(stream)), Array.makeBy(255, (n) => n + 1))
        assert.deepStrictEqual(yield* stored(stream, 60, 3), commits.slice(1, 4))
        assert.strictEqual((yield* load(stream)).version, 255)
      }))

    it.effect("refuses a commit that was recorded on another head", () =>
      Effect.gen(function*() {
        const { head, heads: [before] } = yield* written([posted("a")])
        const late = commitOn(head, [edited("b")])
        const elsewhere = commitOn(newStream(freshStream()), [posted("b")])
        for (const commit of [late, elsewhere]) {
          assert.match(Cause.pretty(yield* Effect.flip(Effect.sandbox(put(before, commit)))), /can't follow/)
        }
      }))

    it.effect.each([
      "",
      "7",
      "[]",
      JSON.stringify(Array.makeBy(7, () => "begin")),
      JSON.stringify(Array.makeBy(8, () => ["", 1]))
    ])("refuses a checkpoint that isn't its own: %s", (checkpoint) =>
      Effect.gen(function*() {
        const cause = yield* Effect.flip(Effect.sandbox(scanned(ScanCheckpoint.make(checkpoint))))
        assert.match(Cause.pretty(cause), /is no checkpoint of a log in DynamoDB/)
      }))

    it.effect("reads past an item that is no commit, but neither loads nor appends past it", () =>
      Effect.gen(function*() {
        const { head, stream } = yield* written([posted("a")])
        const item = { ...commitItem(encodeCommit(commitOn(head, [edited("b")]))), id: { S: "nobody" } }
        const { client } = yield* DynamoDb
        const { events } = yield* DynamoTables
        yield* Effect.promise(() => client.send(new PutItemCommand({ TableName: events, Item: item })))
        assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2])
        assert.strictEqual((yield* Effect.flip(load(stream)))._tag, "CommitUndecodable")
        assert.strictEqual((yield* Effect.flip(append(head, deleted)))._tag, "VersionConflict")
      }))
  })
})
