import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Random } from "effect"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { append, load, stored, written } from "../contract/eventStoreSteps.ts"
import { edited, posted } from "./encodedCommits.ts"
import * as StaleEventStore from "./StaleEventStore.ts"

const staleBy = (choose: StaleEventStore.Staleness) =>
  StaleEventStore.layer(choose).pipe(Layer.provide(MemoryEventStore.layer))

const someStream = written([posted("a")], [edited("b"), edited("c")], [edited("d")])

describe("a stale event store", () => {
  it.effect("loads every earlier head of a stream sooner or later, and nothing else", () =>
    Effect.gen(function*() {
      const { heads, stream } = yield* someStream
      const seen = new Set<number>()
      for (let n = 0; n < 100; n++) {
        const head = yield* load(stream)
        assert.deepStrictEqual(head, heads.find(({ version }) => version === head.version))
        seen.add(head.version)
      }
      assert.deepStrictEqual([...seen].toSorted(), [0, 1, 3, 4])
    }).pipe(Effect.provide(staleBy(StaleEventStore.anyPrefix)), Random.withSeed("stale")))

  it.effect("loads what is chosen", () =>
    Effect.gen(function*() {
      const { heads, stream } = yield* someStream
      assert.deepStrictEqual(yield* load(stream), heads[2])
    }).pipe(Effect.provide(staleBy(StaleEventStore.allButTheLast(1)))))

  it.effect("is true where it is asked for strong consistency, and in all that isn't a load", () =>
    Effect.gen(function*() {
      const { head, heads: [before], stream } = yield* someStream
      assert.deepStrictEqual(yield* load(stream), before)
      assert.deepStrictEqual(yield* load(stream, "strong"), head)
      assert.strictEqual((yield* stored(stream)).length, 3)
    }).pipe(Effect.provide(staleBy(StaleEventStore.nothing))))

  it.effect("gives heads on which an append conflicts", () =>
    Effect.gen(function*() {
      const { stream } = yield* someStream
      const error = yield* Effect.flip(append(yield* load(stream), edited("e")))
      assert.strictEqual(error._tag, "VersionConflict")
    }).pipe(Effect.provide(staleBy(StaleEventStore.allButTheLast(2)))))
})
