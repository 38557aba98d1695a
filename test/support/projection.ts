import { Effect, Layer, References } from "effect"
import type { SqlClient } from "effect/sql"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { migrate } from "../../src/platform/migrate.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"
import { RawLog } from "./RawLog.ts"
import { RecordingCache } from "./RecordingCache.ts"

/** An engine's database with the read model's empty tables. */
export const readModelOn = (engine: Engine, options?: DatabaseOptions) =>
  Layer.effectDiscard(migrate({ table: "read_model_migrations", migrations: readModelMigrations })).pipe(
    Layer.provideMerge(engine.database(options))
  )

/** Tests park streams and cut connections on purpose: what is said about it would drown what matters. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")

/** A projector over an engine's database, a log that a test writes, and a cache that remembers what it was told. */
export const projectorOn = (engine: Engine, options?: DatabaseOptions) =>
  Projector.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(RawLog.layer(), RecordingCache.layer, readModelOn(engine, options))),
    Layer.provideMerge(quiet)
  )

/** What `projectorOn` gives to a test. */
export type Projection = Projector | RawLog | RecordingCache | SqlClient.SqlClient

export const project = (batch: ReadonlyArray<EncodedCommit>) =>
  Effect.flatMap(Projector, (projector) => projector.project(batch))
