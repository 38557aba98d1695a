import { Layer } from "effect"
import { eventLogMigrations, eventLogMigrationsTable } from "../../src/events/migrations.ts"
import * as PostgresEventStore from "../../src/events/PostgresEventStore.ts"
import { migrate } from "../../src/platform/migrate.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"

const migrated = Layer.effectDiscard(migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations }))

/** A new database on an engine, with the tables of the event log and nothing else. */
export const emptyLog = (engine: Engine, options?: DatabaseOptions) =>
  migrated.pipe(Layer.provideMerge(engine.database(options)))

/** The event store, its tail and their client, on a new database. */
export const eventLog = (engine: Engine, options?: DatabaseOptions) =>
  PostgresEventStore.layer().pipe(Layer.provideMerge(emptyLog(engine, options)))
