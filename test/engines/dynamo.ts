import { DeleteTableCommand } from "@aws-sdk/client-dynamodb"
import { describe } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { randomUUID } from "node:crypto"
import { inject } from "vitest"
import { DynamoDb, type DynamoDbSettings } from "../../src/platform/DynamoDb.ts"
import { dynamoRequest } from "../../src/platform/DynamoError.ts"
import { createTables, type TableError, type TableNames } from "../../src/platform/dynamoTables.ts"
import { ask, type EngineUnavailable } from "./ask.ts"

/** The names of tables that belong to one suite. */
export class DynamoTables extends Context.Service<DynamoTables, TableNames>()("marginalia/test/engines/DynamoTables") {}

/** An engine that speaks DynamoDB's protocol; all suites of a run share one process of it. */
export interface DynamoEngine {
  readonly name: "DynamoDB Local" | "dynoxide"
  /** Where it is. */
  readonly endpoint: Effect.Effect<string, EngineUnavailable>
  /** A client of it, or of whatever stands before it at another endpoint. */
  readonly client: (settings?: Partial<DynamoDbSettings>) => Layer.Layer<DynamoDb, EngineUnavailable>
  /** A client, and new, empty tables of names of their own, which are gone with the layer. */
  readonly tables: (
    settings?: Partial<DynamoDbSettings>
  ) => Layer.Layer<DynamoDb | DynamoTables, EngineUnavailable | TableError>
}

// The engines demand credentials, and look at nothing but that there are some: see `vitest.config.ts`. They may be slow on a
// busy machine.
const usual: DynamoDbSettings = { region: "eu-central-1", timeLimit: "20 seconds" }

/** Deletes a table. */
export const deleteTable = (TableName: string) =>
  DynamoDb.use(({ client }) => dynamoRequest((options) => client.send(new DeleteTableCommand({ TableName }), options)))

const makeEngine = (name: DynamoEngine["name"], endpoint: DynamoEngine["endpoint"]): DynamoEngine => {
  const client: DynamoEngine["client"] = (settings) =>
    Layer.unwrap(Effect.map(endpoint, (endpoint) => DynamoDb.layer({ ...usual, endpoint, ...settings })))
  const fresh = Effect.gen(function*() {
    const id = randomUUID()
    const tables: TableNames = { events: `events-${id}`, inbox: `inbox-${id}` }
    yield* Effect.acquireRelease(
      createTables(tables),
      () => Effect.orDie(Effect.forEach([tables.events, tables.inbox], deleteTable))
    )
    return tables
  })
  return {
    name,
    endpoint,
    client,
    // Tables are made and deleted on the straight way, whatever stands on the other.
    tables: (settings) => Layer.effect(DynamoTables, fresh).pipe(Layer.provide(client()), Layer.merge(client(settings)))
  }
}

export const dynamoDbLocal = makeEngine("DynamoDB Local", ask("dynamodb-local"))

export const dynoxide = makeEngine("dynoxide", ask("dynoxide"))

/** The engines of this run; where one can't be had, the run has begun by saying so. */
const engines: ReadonlyArray<DynamoEngine> = [
  ...(inject("engines").dynamoDbLocal ? [dynamoDbLocal] : []),
  ...(inject("engines").dynoxide ? [dynoxide] : [])
]

/** Describes a suite on one engine, where it doesn't matter on which. */
export const describeOneDynamo = (name: string, suite: (engine: DynamoEngine) => void): void => {
  for (const engine of engines.slice(-1)) {
    describe(`${name} on ${engine.name}`, () => {
      suite(engine)
    })
  }
}

/** Describes a suite once for each engine that speaks DynamoDB's protocol. */
export const describeDynamo = (name: string, suite: (engine: DynamoEngine) => void): void => {
  for (const engine of engines) {
    describe(`${name} on ${engine.name}`, () => {
      suite(engine)
    })
  }
}
