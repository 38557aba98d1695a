import { Effect, Layer } from "effect"
import * as DynamoEventStore from "../../src/events/DynamoEventStore.ts"
import { type DynamoEngine, DynamoTables } from "../engines/dynamo.ts"

/** The event store and its client, on a new table; patient, for an engine may be slow on a busy machine. */
export const dynamoLog = (engine: DynamoEngine) =>
  Layer.unwrap(
    Effect.map(DynamoTables, ({ events }) => DynamoEventStore.layer({ table: events, timeLimit: "30 seconds" }))
  ).pipe(Layer.provideMerge(engine.tables()))
