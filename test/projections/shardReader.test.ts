import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Semaphore } from "effect"
import { TestClock } from "effect/testing"
import { DynamoStreams } from "../../src/platform/DynamoStreams.ts"
import { Place } from "../../src/projections/shardPlaces.ts"
import { readShard } from "../../src/projections/shardReader.ts"
import { makeSkewedClock } from "../simulation/kernel/SkewedClock.ts"

const anHour = 60 * 60 * 1000

describe("Reading a shard", () => {
  it.effect("goes on in time although the clock is set back between a question and its answer", () =>
    Effect.gen(function*() {
      const clock = yield* makeSkewedClock
      const busy = yield* Semaphore.make(1)
      let polls = 0
      const streams = DynamoStreams.of({
        streamOf: () => Effect.succeedSome("stream"),
        shards: () => Effect.succeed([]),
        iterator: () => Effect.succeed("iterator"),
        records: (next) =>
          Effect.sync(() => {
            polls++
            if (polls === 2) clock.skew -= anHour
            return { records: [], next }
          })
      })
      const reading = {
        table: "events",
        stream: "stream",
        shard: "shard",
        pollInterval: Duration.millis(200),
        busy,
        handler: () => Effect.void,
        reached: () => Effect.void
      }
      yield* readShard(reading, Place.cases.Beginning.make({ since: 0 })).pipe(
        Effect.provideService(DynamoStreams, streams),
        Effect.provide(clock.layer),
        Effect.forkScoped
      )
      for (let step = 0; step < 20; step++) yield* TestClock.adjust("200 millis")
      assert.isAbove(polls, 15)
    }))
})
