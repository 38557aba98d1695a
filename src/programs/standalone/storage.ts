import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { inboxMigrations, inboxMigrationsTable } from "../../commands/migrations.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../events/migrations.ts"
import { DataDirectory } from "../../platform/DataDirectory.ts"
import * as EmbeddedPostgresClient from "../../platform/EmbeddedPostgresClient.ts"
import { migrate } from "../../platform/migrate.ts"
import { readModelMigrations } from "../../queries/migrations.ts"

const migrations = Layer.effectDiscard(
  Effect.gen(function*() {
    yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
    yield* migrate({ table: inboxMigrationsTable, migrations: inboxMigrations })
    yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
  })
)

/** The embedded database under the data directory, with the event log's, the inbox's and the read model's tables in it. */
export const storage = Layer.unwrap(
  Effect.map(
    DataDirectory,
    ({ postgres }) => migrations.pipe(Layer.provideMerge(EmbeddedPostgresClient.layer({ directory: postgres })))
  )
)
