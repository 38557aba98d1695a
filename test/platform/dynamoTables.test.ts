import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand
} from "@aws-sdk/client-dynamodb"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { createTables, type TableNames } from "../../src/platform/dynamoTables.ts"
import { deleteTable, describeDynamo } from "../engines/dynamo.ts"

const freshNames = (): TableNames => ({ events: `events-${randomUUID()}`, inbox: `inbox-${randomUUID()}` })

const describeTable = (TableName: string) =>
  DynamoDb.use(({ client }) => Effect.promise(() => client.send(new DescribeTableCommand({ TableName }))))

const exists = (table: string) => Effect.map(Effect.exit(describeTable(table)), ({ _tag }) => _tag === "Success")

/** Makes a table past the program; it is gone with the scope. */
const planted = (input: Partial<CreateTableCommandInput> & { readonly TableName: string }) =>
  Effect.acquireRelease(
    DynamoDb.use(({ client }) =>
      Effect.promise(() =>
        client.send(
          new CreateTableCommand({
            BillingMode: "PAY_PER_REQUEST",
            AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
            StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
            ...input
          })
        )
      )
    ),
    () => Effect.orDie(deleteTable(input.TableName))
  )

/** What an inbox has beside its key: what is pending, by time. */
const indexed = {
  AttributeDefinitions: [
    { AttributeName: "id", AttributeType: "S" },
    { AttributeName: "pending", AttributeType: "N" },
    { AttributeName: "acceptedAt", AttributeType: "N" }
  ],
  GlobalSecondaryIndexes: [{
    IndexName: "pending",
    KeySchema: [{ AttributeName: "pending", KeyType: "HASH" }, { AttributeName: "acceptedAt", KeyType: "RANGE" }],
    Projection: { ProjectionType: "KEYS_ONLY" }
  }]
} satisfies Partial<CreateTableCommandInput>

const gone = ({ events, inbox }: TableNames) =>
  Effect.forEach([events, inbox], (table) => Effect.exit(deleteTable(table)))

describeDynamo("Making the tables", (engine) => {
  it.layer(engine.client(), { excludeTestServices: true })((it) => {
    it.effect("makes what isn't there, with streams of new images and the inbox's TTL, and says so", () =>
      Effect.gen(function*() {
        const names = freshNames()
        yield* Effect.addFinalizer(() => gone(names))
        assert.deepStrictEqual(yield* createTables(names), [
          { table: names.events, found: "nothing" },
          { table: names.inbox, found: "nothing" }
        ])
        for (const table of [names.events, names.inbox]) {
          const { Table } = yield* describeTable(table)
          assert.strictEqual(Table?.TableStatus, "ACTIVE")
          assert.strictEqual(Table?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST")
          assert.deepStrictEqual(Table?.StreamSpecification, { StreamEnabled: true, StreamViewType: "NEW_IMAGE" })
        }
        const { client } = yield* DynamoDb
        const { TimeToLiveDescription } = yield* Effect.promise(() =>
          client.send(new DescribeTimeToLiveCommand({ TableName: names.inbox }))
        )
        assert.deepStrictEqual(TimeToLiveDescription, { AttributeName: "expiresAt", TimeToLiveStatus: "ENABLED" })
      }))

    it.effect("leaves what is there as it is, also when two make the tables at once", () =>
      Effect.gen(function*() {
        const names = freshNames()
        yield* Effect.addFinalizer(() => gone(names))
        yield* Effect.all([createTables(names), createTables(names)], { concurrency: "unbounded" })
        const before = yield* describeTable(names.events)
        assert.deepStrictEqual(yield* createTables(names), [
          { table: names.events, found: "complete" },
          { table: names.inbox, found: "complete" }
        ])
        assert.deepStrictEqual((yield* describeTable(names.events)).Table, before.Table)
      }))

    it.effect("changes nothing in a dry run, and says what is missing", () =>
      Effect.gen(function*() {
        const names = freshNames()
        yield* planted({ ...indexed, TableName: names.inbox })
        assert.deepStrictEqual(yield* createTables(names, { dryRun: true }), [
          { table: names.events, found: "nothing" },
          { table: names.inbox, found: "incomplete" }
        ])
        assert.isFalse(yield* exists(names.events))
        assert.strictEqual((yield* createTables(names, { dryRun: true }))[1]?.found, "incomplete")
      }))

    it.effect("gives an inbox that lacks it its TTL", () =>
      Effect.gen(function*() {
        const names = freshNames()
        yield* planted({ ...indexed, TableName: names.inbox })
        yield* Effect.addFinalizer(() => Effect.exit(deleteTable(names.events)))
        yield* createTables(names)
        assert.strictEqual((yield* createTables(names))[1]?.found, "complete")
      }))

    it.effect.each(
      [
        ["another partition key", {
          AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "key", KeyType: "HASH" }]
        }, "its key is key (HASH, S) instead of id (HASH, S)"],
        ["a key of another type", {
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }]
        }, "its key is id (HASH, N) instead of id (HASH, S)"],
        ["a sort key too many", {
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }, {
            AttributeName: "at",
            AttributeType: "N"
          }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }]
        }, "its key is id (HASH, S) and at (RANGE, N) instead of id (HASH, S)"],
        ["no stream", { StreamSpecification: { StreamEnabled: false } }, "it has no stream"],
        ["a stream of keys", {
          StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" }
        }, "its stream carries KEYS_ONLY instead of NEW_IMAGE"],
        ["no index of what is pending", {}, "it has no index pending"]
      ] satisfies ReadonlyArray<[string, Partial<CreateTableCommandInput>, string]>
    )(
      "refuses a table of another make, by name, before it makes anything: %s",
      ([_, input, reason]) =>
        Effect.gen(function*() {
          const names = freshNames()
          yield* planted({ ...input, TableName: names.inbox })
          const error = yield* Effect.flip(createTables(names))
          assert(error._tag === "TableMismatch")
          assert.include(error.message, `${names.inbox} exists, but ${reason}.`)
          assert.isFalse(yield* exists(names.events))
        })
    )
  })
})
