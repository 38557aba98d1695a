import { Effect, Layer } from "effect"
import { DynamoStreams } from "../../src/platform/DynamoStreams.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { Reconcile } from "../../src/projections/Reconcile.ts"
import { StreamCheckpoints } from "../../src/projections/StreamCheckpoints.ts"
import { pglite } from "../engines/databases.ts"
import type { DynamoEngine } from "../engines/dynamo.ts"
import { dynamoLog } from "./dynamoLog.ts"
import { migratedReadModel } from "./migratedReadModel.ts"
import { quiet } from "./projection.ts"
import { RecordingCache } from "./RecordingCache.ts"

/** The streams of an engine's tables. */
export const streamsOn = (engine: DynamoEngine) =>
  Layer.unwrap(
    Effect.map(
      engine.endpoint,
      (endpoint) => DynamoStreams.layer({ region: "eu-central-1", endpoint, timeLimit: "20 seconds" })
    )
  )

/** A log on an engine, its stream, and an empty read model that it can be projected to. */
export const streamProjectionOn = (engine: DynamoEngine) =>
  Layer.mergeAll(Reconcile.layer, StreamCheckpoints.layer, streamsOn(engine)).pipe(
    Layer.provideMerge(Projector.layer),
    Layer.provideMerge(Layer.mergeAll(dynamoLog(engine), RecordingCache.layer, migratedReadModel(pglite))),
    Layer.provideMerge(quiet)
  )
