import { Effect, Layer, References } from "effect"
import type { SqlClient } from "effect/sql"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { Projector } from "../../src/projections/Projector.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"
import { migratedReadModel } from "./migratedReadModel.ts"
import { RawLog } from "./RawLog.ts"
import { RecordingCache } from "./RecordingCache.ts"

/** Tests park streams and cut connections on purpose: what is said about it would drown what matters. */
export const quiet = Layer.succeed(References.MinimumLogLevel, "None")

/** A projector over an empty read model, a log that a test writes, and a cache that remembers what it was told. */
export const projectorOver = <Services, E>(readModel: Layer.Layer<SqlClient.SqlClient | Services, E>) =>
  Projector.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(RawLog.layer(), RecordingCache.layer, readModel)),
    Layer.provideMerge(quiet)
  )

/** The same over an engine's database. */
export const projectorOn = (engine: Engine, options?: DatabaseOptions) =>
  projectorOver(migratedReadModel(engine, options))

export const project = (batch: ReadonlyArray<EncodedCommit>) =>
  Effect.flatMap(Projector, (projector) => projector.project(batch))
