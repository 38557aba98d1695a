import * as Layer from "effect/Layer"
import * as DynamoEventStore from "../../events/DynamoEventStore.ts"
import type { EventStore } from "../../events/EventStore.ts"
import { DynamoDb, type DynamoDbSettings } from "../../platform/DynamoDb.ts"

/** Where the log is. */
export interface EventStoreSettings {
  readonly dynamoDb: DynamoDbSettings
  readonly eventsTable: string
}

/** The event store with its client. */
export const eventStore = ({ dynamoDb, eventsTable }: EventStoreSettings): Layer.Layer<EventStore> =>
  DynamoEventStore.layer({ table: eventsTable }).pipe(Layer.provide(DynamoDb.layer(dynamoDb)))
