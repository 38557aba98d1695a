import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { PictureId } from "../../src/domain/ids.ts"
import type { CachedAnswer, Lookup } from "../../src/queries/QueryCache.ts"
import { EntryKey, Generation, maxEntriesPerPicture, QueryCache } from "../../src/queries/QueryCache.ts"
import type { Scenario } from "./queryCacheActors.ts"
import { QueryCacheControls } from "./QueryCacheControls.ts"
import { explore } from "./queryCacheExplorer.ts"

const key = EntryKey.make("n20")
const encoder = new TextEncoder()
const answerOf = (text: string, nextCursor: string | null = null): CachedAnswer => ({
  body: encoder.encode(text),
  etag: `"${text.length}"`,
  nextCursor
})

let pictures = 0
const freshPicture = () => PictureId.make(`contract-${process.pid}-${pictures++}`)

const assertMiss = (lookup: Lookup): Generation => {
  assert.strictEqual(lookup._tag, "Miss")
  return lookup.generation
}
const assertHit = (lookup: Lookup, answer: CachedAnswer) => {
  if (lookup._tag === "Miss") return assert.fail("expected a hit")
  // A layer may hand out its bytes as any kind of Uint8Array.
  assert.deepStrictEqual([...lookup.answer.body], [...answer.body])
  assert.strictEqual(lookup.answer.etag, answer.etag)
  assert.strictEqual(lookup.answer.nextCursor, answer.nextCursor)
}

/** What can take a slot away. */
const losses = [
  { loss: "an invalidation", lose: (picture: PictureId) => QueryCache.use((cache) => cache.invalidate([picture])) },
  { loss: "an eviction", lose: (picture: PictureId) => QueryCacheControls.use((controls) => controls.evict(picture)) },
  { loss: "its expiry", lose: (picture: PictureId) => QueryCacheControls.use((controls) => controls.expire(picture)) },
  { loss: "a flush", lose: () => QueryCacheControls.use((controls) => controls.flush) }
] as const

/** The scenarios that every layer goes through, unless it says otherwise: 26,617 schedules, 297,821 steps. */
export const scenarios: ReadonlyArray<Scenario> = [
  { readers: 2, writers: 2, faults: [] },
  { readers: 3, writers: 1, faults: [] },
  { readers: 2, writers: 1, faults: ["evict"] },
  { readers: 2, writers: 1, faults: ["expire"] },
  { readers: 2, writers: 1, faults: ["flush"] }
]

const describeScenario = ({ faults, readers, writers }: Scenario): string =>
  [`${readers} readers`, `${writers} writers`, ...faults].join(", ")

/** What every layer of the query cache promises. */
export const queryCacheContract = <E>(
  name: string,
  layer: Layer.Layer<QueryCache | QueryCacheControls, E>,
  explored: ReadonlyArray<Scenario> = scenarios
): void => {
  describe(`${name} keeps the query cache's contract`, () => {
    it.layer(layer)((it) => {
      it.effect("misses what nobody has put, and mints one generation for all who miss", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const picture = freshPicture()
          const first = assertMiss(yield* cache.read(picture, key))
          const second = assertMiss(yield* cache.read(picture, key))
          const other = assertMiss(yield* cache.read(picture, EntryKey.make("o20")))
          assert.strictEqual(second, first)
          assert.strictEqual(other, first)
        }))

      it.effect("gives back what was put, byte by byte", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const picture = freshPicture()
          const generation = assertMiss(yield* cache.read(picture, key))
          const answers = [
            [key, answerOf(`{"items":["夕焼け 👩‍👩‍👧‍👦 \\u0000 \\""],"nextCursor":null}`)],
            [EntryKey.make("n20.cursor"), answerOf("", "cursor-of-the-next-page")],
            [EntryKey.make("count"), {
              body: Uint8Array.from({ length: 256 }, (_, index) => index),
              etag: `"x"`,
              nextCursor: null
            }]
          ] as const
          for (const [entry, answer] of answers) {
            assert.isTrue(yield* cache.put(picture, generation, entry, answer))
          }
          for (const [entry, answer] of answers) {
            const lookup = yield* cache.read(picture, entry)
            assertHit(lookup, answer)
            assert.strictEqual(lookup.generation, generation)
          }
        }))

      it.effect("keeps the answer that was put last", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const picture = freshPicture()
          const generation = assertMiss(yield* cache.read(picture, key))
          yield* cache.put(picture, generation, key, answerOf("first"))
          yield* cache.put(picture, generation, key, answerOf("second"))
          assertHit(yield* cache.read(picture, key), answerOf("second"))
        }))

      it.effect("refuses a put under a generation that was not minted for this picture", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const [picture, other, unread] = [freshPicture(), freshPicture(), freshPicture()]
          const generation = assertMiss(yield* cache.read(picture, key))
          const foreign = assertMiss(yield* cache.read(other, key))
          assert.isFalse(yield* cache.put(picture, foreign, key, answerOf("foreign")))
          assert.isFalse(yield* cache.put(picture, Generation.make("made-up"), key, answerOf("made up")))
          assert.isFalse(yield* cache.put(unread, generation, key, answerOf("nobody has missed here")))
          assert.strictEqual(assertMiss(yield* cache.read(picture, key)), generation)
        }))

      it.effect("forgets every answer about the invalidated pictures, and about no others", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const [one, two, spared] = [freshPicture(), freshPicture(), freshPicture()]
          const count = EntryKey.make("count")
          for (const picture of [one, two, spared]) {
            const generation = assertMiss(yield* cache.read(picture, key))
            yield* cache.put(picture, generation, key, answerOf(picture))
            yield* cache.put(picture, generation, count, answerOf("1"))
          }
          yield* cache.invalidate([one, freshPicture(), two, one])
          yield* cache.invalidate([])
          for (const picture of [one, two]) {
            assertMiss(yield* cache.read(picture, key))
            assertMiss(yield* cache.read(picture, count))
          }
          assertHit(yield* cache.read(spared, key), answerOf(spared))
          assertHit(yield* cache.read(spared, count), answerOf("1"))
        }))

      it.effect.each(losses)(
        "loses its answers by $loss, and mints another generation",
        ({ lose }) =>
          Effect.gen(function*() {
            const cache = yield* QueryCache
            const picture = freshPicture()
            const generation = assertMiss(yield* cache.read(picture, key))
            yield* cache.put(picture, generation, key, answerOf("lost"))
            yield* lose(picture)
            assert.notStrictEqual(assertMiss(yield* cache.read(picture, key)), generation)
          })
      )

      it.effect.each(losses)(
        "refuses a put that $loss came before, whether or not somebody has missed since",
        ({ lose }) =>
          Effect.gen(function*() {
            const cache = yield* QueryCache
            const picture = freshPicture()
            const generation = assertMiss(yield* cache.read(picture, key))
            yield* lose(picture)
            assert.isFalse(yield* cache.put(picture, generation, key, answerOf("late")))
            const reminted = assertMiss(yield* cache.read(picture, key))
            assert.isFalse(yield* cache.put(picture, generation, key, answerOf("too late")))
            assert.isTrue(yield* cache.put(picture, reminted, key, answerOf("in time")))
            assertHit(yield* cache.read(picture, key), answerOf("in time"))
          })
      )

      it.effect("never mints a generation twice", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const picture = freshPicture()
          const minted = new Set<Generation>()
          for (let times = 0; times < 200; times++) {
            minted.add(assertMiss(yield* cache.read(picture, key)))
            yield* cache.invalidate([picture])
          }
          assert.strictEqual(minted.size, 200)
        }))

      it.effect("keeps only so many answers about a picture, the last one among them", () =>
        Effect.gen(function*() {
          const cache = yield* QueryCache
          const picture = freshPicture()
          const keys = Array.from({ length: maxEntriesPerPicture + 8 }, (_, index) => EntryKey.make(`n${index + 1}`))
          const generation = assertMiss(yield* cache.read(picture, key))
          for (const entry of keys) yield* cache.put(picture, generation, entry, answerOf(entry))
          const kept = yield* Effect.filter(keys, (entry) =>
            Effect.map(cache.read(picture, entry), (lookup) => lookup._tag === "Hit"))
          assert.strictEqual(kept.length, maxEntriesPerPicture)
          assert.strictEqual(kept.at(-1), keys.at(-1))
        }))

      it.effect.each(explored.map((scenario) => ({ scenario, actors: describeScenario(scenario) })))(
        "never serves what an invalidation has overtaken, in any order of $actors",
        ({ scenario }) =>
          Effect.gen(function*() {
            const found = yield* explore(yield* QueryCache, yield* QueryCacheControls, scenario)
            assert.isUndefined(found.violation, found.violation?.schedule.join("; "))
          }),
        120_000
      )
    })
  })
}
