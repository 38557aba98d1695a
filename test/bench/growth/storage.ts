import { Effect, Layer, Logger } from "effect"
import { randomUUID } from "node:crypto"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../../src/events/migrations.ts"
import * as PostgresEventStore from "../../../src/events/PostgresEventStore.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { createTables } from "../../../src/platform/dynamoTables.ts"
import { migrate } from "../../../src/platform/migrate.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import * as MemoryQueryCache from "../../../src/queries/MemoryQueryCache.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"
import * as PostgresReadModel from "../../../src/queries/PostgresReadModel.ts"
import { anybody } from "../stack/anybody.ts"
import { freshDatabase } from "../stores/freshDatabase.ts"
import type { WorkEngines } from "../work/WorkRow.ts"

/** An engine on a busy machine may take a while. */
const timeLimit = "30 seconds" as const

const migrated = Layer.effectDiscard(Effect.gen(function*() {
  yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
  yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
}))

/** A log, its tail and a read model in one empty database on PostgreSQL, and the projector between them. */
export const onPostgres = ({ postgres }: WorkEngines) =>
  Layer.mergeAll(Projector.layer.pipe(Layer.provide(MemoryQueryCache.layer())), PostgresReadModel.layer).pipe(
    Layer.provideMerge(PostgresEventStore.layer({ timeLimit })),
    Layer.provideMerge(migrated),
    Layer.provideMerge(freshDatabase(postgres)),
    Layer.provideMerge(Logger.layer([]))
  )

/** A log in an empty table of DynamoDB, with a client of it. */
export const onDynamo = ({ dynamo }: WorkEngines, table: string) =>
  DynamoEventStore.layer({ table, timeLimit }).pipe(
    Layer.provideMerge(Layer.effectDiscard(createTables({ events: table, inbox: `inbox-${randomUUID()}` }))),
    Layer.provideMerge(
      DynamoDb.layer({ endpoint: dynamo, region: anybody.region, credentials: anybody.credentials, timeLimit })
    )
  )
