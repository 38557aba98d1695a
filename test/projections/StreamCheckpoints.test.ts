import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { CatchUp, StreamCheckpoints } from "../../src/projections/StreamCheckpoints.ts"
import { streamCheckpointsContract } from "../contract/streamCheckpoints.ts"
import { describeEngines } from "../engines/databases.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"
import { memoryCheckpoints } from "../support/mortality.ts"

streamCheckpointsContract("the tests' own in memory", Layer.sync(StreamCheckpoints, memoryCheckpoints))

describeEngines("StreamCheckpoints", (engine) => {
  const layer = StreamCheckpoints.layer.pipe(Layer.provideMerge(migratedReadModel(engine)))
  streamCheckpointsContract("in the read model's database", layer)

  it.layer(layer)((it) => {
    it.effect("takes what it doesn't understand for nothing", () =>
      Effect.gen(function*() {
        const { begin, load } = yield* StreamCheckpoints
        const sql = yield* SqlClient.SqlClient
        yield* begin("events", { stream: "arn", catchUp: CatchUp.cases.Done.make({}), places: new Map() })
        yield* sql`INSERT INTO projection_checkpoints (name, checkpoint) VALUES ('stream:events/shardId-1', 'after 7')`
        assert.deepStrictEqual(yield* load("events"), Option.none())
      }))
  })
})
