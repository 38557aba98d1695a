import { Effect, Layer, References } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { Projector } from "../../src/projections/Projector.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"
import { migratedReadModel } from "./migratedReadModel.ts"
import { RawLog } from "./RawLog.ts"
import { RecordingCache } from "./RecordingCache.ts"

/** Tests park streams and cut connections on purpose: what is said about it would drown what matters. */
export const quiet = Layer.succeed(References.MinimumLogLevel, "None")

/** A projector over an engine's database, a log that a test writes, and a cache that remembers what it was told. */
export const projectorOn = (engine: Engine, options?: DatabaseOptions) =>
  Projector.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(RawLog.layer(), RecordingCache.layer, migratedReadModel(engine, options))),
    Layer.provideMerge(quiet)
  )

export const project = (batch: ReadonlyArray<EncodedCommit>) =>
  Effect.flatMap(Projector, (projector) => projector.project(batch))
