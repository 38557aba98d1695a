import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { EventStore, EventType } from "@castore/core"
import { DynamoDBSingleTableEventStorageAdapter } from "@castore/event-storage-adapter-dynamodb"
import { randomUUID } from "node:crypto"
import { anybody } from "../../stack/anybody.ts"
import { CapacityCounter } from "../../stores/capacity.ts"
import { draftOf, foldComment, nothing } from "../../stores/events.ts"
import { inBatches } from "../../stores/inBatches.ts"
import { serveStore } from "../../stores/serveStore.ts"

// Castore's adapter for DynamoDB, as its README has it: a single table with the index of initial events, which the README
// calls required; a store with a reducer. It has no snapshots and no consumer: the README leaves the table's stream to
// whoever reads it, and gives a parser of its images.
// https://castore-dev.github.io/castore/docs/event-sourcing/fetching-events/

const eventStoreId = "COMMENTS"

/** As the README's table. */
const tableOf = (TableName) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "aggregateId", AttributeType: "S" },
    { AttributeName: "version", AttributeType: "N" },
    { AttributeName: "eventStoreId", AttributeType: "S" },
    { AttributeName: "timestamp", AttributeType: "S" }
  ],
  KeySchema: [
    { AttributeName: "aggregateId", KeyType: "HASH" },
    { AttributeName: "version", KeyType: "RANGE" }
  ],
  GlobalSecondaryIndexes: [{
    IndexName: "initialEvents",
    KeySchema: [
      { AttributeName: "eventStoreId", KeyType: "HASH" },
      { AttributeName: "timestamp", KeyType: "RANGE" }
    ],
    Projection: { ProjectionType: "KEYS_ONLY" }
  }],
  // What a projection would be fed by, and what our own table has.
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" }
})

const detailOf = ({ data, metadata, stream, type, version }) => ({
  aggregateId: stream,
  version,
  type,
  timestamp: new Date(metadata.at).toISOString(),
  payload: data,
  metadata
})

const reducer = (aggregate, { aggregateId, metadata, payload, type }) => ({
  ...foldComment(aggregate ?? nothing, { type, data: payload, metadata }),
  aggregateId
})

const open = async ({ dynamo }) => {
  const table = `castore-${randomUUID()}`
  const client = new DynamoDBClient({
    endpoint: dynamo,
    region: anybody.region,
    credentials: anybody.credentials,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 128 } }
  })
  await client.send(new CreateTableCommand(tableOf(table)))
  const counter = new CapacityCounter()
  client.middlewareStack.add(counter.middleware, { step: "initialize" })
  const eventStorageAdapter = new DynamoDBSingleTableEventStorageAdapter({ tableName: table, dynamoDBClient: client })
  const store = new EventStore({
    eventStoreId,
    eventTypes: [new EventType({ type: "CommentPosted" }), new EventType({ type: "CommentEdited" })],
    reducer,
    eventStorageAdapter
  })
  // The adapter's own items, written in batches past its condition.
  const itemOf = (stream, version) =>
    eventStorageAdapter.getPushEventInput(detailOf(draftOf(stream, version)), { eventStoreId }).Item
  const write = (items) =>
    client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } })
    )
  return {
    begin: (stream) => ({ stream, version: 0 }),
    append: async ({ stream }, draft) => {
      const { event } = await store.pushEvent(detailOf(draft))
      return { stream, version: event.version }
    },
    load: async (stream) => {
      const { aggregate } = await store.getAggregate(stream)
      return { stream, version: aggregate?.version ?? 0, state: aggregate }
    },
    versionOf: ({ version }) => version,
    isConflict: (error) => error?.code === "EventAlreadyExistsError",
    fill: async (streams, events) => {
      const items = streams.flatMap((stream) => Array.from({ length: events }, (_, index) => itemOf(stream, index + 1)))
      await inBatches(items, write)
    },
    takeUnits: counter.take
  }
}

serveStore(open)
