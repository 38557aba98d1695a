import { Layer } from "effect"
import * as MemoryCommandInbox from "../../src/commands/MemoryCommandInbox.ts"
import { inboxMigrations, inboxMigrationsTable } from "../../src/commands/migrations.ts"
import * as PostgresCommandInbox from "../../src/commands/PostgresCommandInbox.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { migrate } from "../../src/platform/migrate.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"
import { eventLog } from "./eventLog.ts"

/** An inbox and an event store in memory. */
export const inboxOnMemory = MemoryCommandInbox.layer.pipe(Layer.provideMerge(MemoryEventStore.layer))

/** An inbox and an event store in one new database. */
export const inboxOn = (engine: Engine, options?: DatabaseOptions) =>
  PostgresCommandInbox.layer.pipe(
    Layer.provide(Layer.effectDiscard(migrate({ table: inboxMigrationsTable, migrations: inboxMigrations }))),
    Layer.provideMerge(eventLog(engine, options))
  )
