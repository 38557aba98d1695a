import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Option } from "effect"
import { ScanCheckpoint } from "../../src/events/EventStore.ts"
import type { Place } from "../../src/projections/shardPlaces.ts"
import { CatchUp, type FollowedStream, StreamCheckpoints } from "../../src/projections/StreamCheckpoints.ts"

const followed: FollowedStream = {
  stream: "arn:aws:dynamodb:eu-central-1:123456789012:table/marginalia-events/stream/2026-01-01T00:00:00.000",
  catchUp: CatchUp.cases.Due.make({ after: null }),
  places: new Map<string, Place>([
    ["shardId-00000001767225600000-aaaaaaaa", { _tag: "Beginning", since: 1_767_225_600_000 }],
    ["shardId-00000001767225600000-bbbbbbbb", { _tag: "After", sequenceNumber: "000000000000000000042" }],
    ["shardId-00000001767225600000-cccccccc", { _tag: "Finished", at: 1_767_225_600_001.5 }]
  ])
}
const [first = "", second = ""] = followed.places.keys()

/** What whoever keeps the checkpoints of streams promises. */
export const streamCheckpointsContract = <E>(name: string, layer: Layer.Layer<StreamCheckpoints, E>): void => {
  describe(`StreamCheckpoints, ${name},`, () => {
    it.layer(layer, { excludeTestServices: true })((it) => {
      it.effect("knows nothing of a table that nobody has followed", () =>
        Effect.gen(function*() {
          const { load } = yield* StreamCheckpoints
          assert.deepStrictEqual(yield* load("unheard-of"), Option.none())
        }))

      it.effect("gives back what was begun, saved and forgotten, each table's by itself", () =>
        Effect.gen(function*() {
          const { begin, forget, load, save } = yield* StreamCheckpoints
          yield* begin("events", followed)
          yield* begin("events-2", { ...followed, places: new Map() })
          assert.deepStrictEqual(yield* load("events"), Option.some(followed))
          const catchUp = CatchUp.cases.Due.make({ after: ScanCheckpoint.make("{\"segments\":[1,2]}") })
          const place: Place = { _tag: "After", sequenceNumber: "7" }
          yield* save("events", { stream: followed.stream, catchUp, places: new Map([[first, place]]) })
          yield* forget("events", [second])
          const expected = new Map(followed.places)
          expected.set(first, place)
          expected.delete(second)
          const found = Option.getOrThrow(yield* load("events"))
          assert.deepStrictEqual(found.catchUp, catchUp)
          assert.deepStrictEqual(new Map([...found.places].toSorted()), new Map([...expected].toSorted()))
          assert.strictEqual(Option.getOrThrow(yield* load("events-2")).places.size, 0)
        }))

      it.effect("puts what is begun anew in the place of all that was there", () =>
        Effect.gen(function*() {
          const { begin, load } = yield* StreamCheckpoints
          yield* begin("again", followed)
          const anew: FollowedStream = {
            stream: `${followed.stream}-2`,
            catchUp: CatchUp.cases.Done.make({}),
            places: new Map<string, Place>([["shardId-2", { _tag: "Beginning", since: 1 }]])
          }
          yield* begin("again", anew)
          assert.deepStrictEqual(yield* load("again"), Option.some(anew))
        }))
    })
  })
}
