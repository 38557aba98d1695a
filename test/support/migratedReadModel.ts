import { Effect, Layer, References } from "effect"
import { migrate } from "../../src/platform/migrate.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import * as PostgresReadModel from "../../src/queries/PostgresReadModel.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"

const migrated = Layer.effectDiscard(
  migrate({ table: "read_model_migrations", migrations: readModelMigrations }).pipe(
    Effect.provideService(References.MinimumLogLevel, "Warn")
  )
)

/** An empty read model on an engine, and the client to fill it. */
export const migratedReadModel = (engine: Engine, options?: DatabaseOptions) =>
  PostgresReadModel.layer.pipe(Layer.provide(migrated), Layer.provideMerge(engine.database(options)))
