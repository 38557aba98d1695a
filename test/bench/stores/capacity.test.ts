import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand
} from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inject } from "vitest"
import { startDynoxide } from "../../../src/programs/stack/engines/dynoxide.ts"
import { anybody } from "../stack/anybody.ts"
import { CapacityCounter } from "./capacity.ts"

const TableName = "sizes"

/** An item of exactly so many bytes as AWS counts them: names and strings in UTF-8. */
const itemOf = (id: string, bytes: number) => ({
  id: { S: id },
  body: { S: "x".repeat(bytes - "id".length - Buffer.byteLength(id) - "body".length) }
})

const counted = Effect.gen(function*() {
  const client = yield* Effect.acquireRelease(
    Effect.map(
      startDynoxide(),
      (endpoint) => new DynamoDBClient({ endpoint, region: anybody.region, credentials: anybody.credentials })
    ),
    (client) => Effect.sync(() => client.destroy())
  )
  const counter = new CapacityCounter()
  client.middlewareStack.add(counter.middleware, { step: "initialize" })
  yield* Effect.promise(() =>
    client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
      })
    )
  )
  counter.take()
  return { client, counter }
})

/** Bytes of an item, and the units of a write: one for each KB that is begun. */
const writes = [[12, 1], [1024, 1], [1025, 2], [2048, 2], [4096, 4], [10_241, 11]] as const
/** The same for an eventual read: a half for each 4 KB that are begun. */
const reads = [[12, 0.5], [4096, 0.5], [4097, 1], [8192, 1], [8193, 1.5], [40_000, 5]] as const

describe.each(inject("engines").dynoxide ? ["dynoxide"] : [])("The capacity units of %s", () => {
  it.live("are those that AWS documents for items of known sizes", () =>
    Effect.gen(function*() {
      const { client, counter } = yield* counted
      for (const [bytes, units] of writes) {
        const Item = itemOf("write", bytes)
        yield* Effect.promise(() => client.send(new PutItemCommand({ TableName, Item })))
        assert.deepStrictEqual(counter.take(), { read: 0, write: units }, `put of ${bytes} bytes`)
        yield* Effect.promise(() => client.send(new DeleteItemCommand({ TableName, Key: { id: { S: "write" } } })))
        assert.deepStrictEqual(counter.take(), { read: 0, write: units }, `removal of ${bytes} bytes`)
      }
      for (const [bytes, units] of reads) {
        const Item = itemOf("read", bytes)
        yield* Effect.promise(() => client.send(new PutItemCommand({ TableName, Item })))
        counter.take()
        const found = { TableName, Key: { id: { S: "read" } } }
        yield* Effect.promise(() => client.send(new GetItemCommand(found)))
        assert.deepStrictEqual(counter.take(), { read: units, write: 0 }, `eventual read of ${bytes} bytes`)
        yield* Effect.promise(() => client.send(new GetItemCommand({ ...found, ConsistentRead: true })))
        assert.deepStrictEqual(counter.take(), { read: 2 * units, write: 0 }, `strong read of ${bytes} bytes`)
        const query = {
          TableName,
          KeyConditionExpression: "id = :id",
          ExpressionAttributeValues: { ":id": { S: "read" } }
        }
        yield* Effect.promise(() => client.send(new QueryCommand(query)))
        assert.deepStrictEqual(counter.take(), { read: units, write: 0 }, `query of ${bytes} bytes`)
      }
    }), { timeout: 60_000 })
})
