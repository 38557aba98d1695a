import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as DynamoEventStore from "../../events/DynamoEventStore.ts"
import { DynamoDb } from "../../platform/DynamoDb.ts"
import { readDatabase, readDynamoDb, readRedis, readTables } from "../../platform/engineSettings.ts"
import * as Postgres from "../../platform/Postgres.ts"
import * as Redis from "../../platform/Redis.ts"
import { Projector } from "../../projections/Projector.ts"
import { Reconcile } from "../../projections/Reconcile.ts"
import { Redrive } from "../../projections/Redrive.ts"
import { Verify } from "../../projections/Verify.ts"
import * as RedisQueryCache from "../../queries/RedisQueryCache.ts"

/** The server of the read model. */
export const database = Layer.unwrap(
  Effect.map(readDatabase, (settings) => Postgres.layerOf(settings, "marginalia-ops"))
)

/** DynamoDB, and nothing on it yet. */
export const dynamo = Layer.unwrap(Effect.map(readDynamoDb, (settings) => DynamoDb.layer(settings)))

const log = Layer.unwrap(
  Effect.map(readTables, ({ events }) => DynamoEventStore.layer({ table: events }))
).pipe(Layer.provide(dynamo))

const cache = RedisQueryCache.layer().pipe(
  Layer.provide(Layer.unwrap(Effect.map(readRedis, (settings) => Redis.layer(settings))))
)

/** For looking at the log and the read model side by side. */
export const comparing = Verify.layer.pipe(Layer.provideMerge([log, database]))

/** For projecting, with all that it takes: the log, the read model, and the cache that must forget. */
export const projecting = Layer.mergeAll(Reconcile.layer, Redrive.layer).pipe(
  Layer.provideMerge(Projector.layer),
  Layer.provideMerge([log, database, cache])
)
