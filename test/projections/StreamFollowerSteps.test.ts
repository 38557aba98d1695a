import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { SimulatedStream } from "../simulation/engines/dynamo/SimulatedStream.ts"
import { edited, history, posted, stream } from "../support/encodedCommits.ts"
import { append, missing, pass, settle, whileFollowing, Witness } from "../support/following.ts"
import { memoryCheckpoints } from "../support/mortality.ts"
import { quiet } from "../support/projection.ts"
const many = Array.from({ length: 12 }, (_, n) => history(stream(n), [posted(`${n}`)], [edited(`${n}, again`)]))
const one = history(stream(1), [posted("one")], [edited("two")], [edited("three")])

describe("A follower of a table's stream, day by day,", () => {
  it.layer(quiet)((it) => {
    it.effect("hands over a shard's records in their order, and a child's only after all of its parent's", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const commits = many.flat()
        yield* whileFollowing(
          seeing,
          memoryCheckpoints(),
          Effect.gen(function*() {
            yield* pass(1)
            for (let at = 0; at < commits.length; at += 6) {
              yield* append(seeing, commits.slice(at, at + 6))
              seeing.simulated.split(yield* Clock.currentTimeMillis)
            }
            yield* settle(seeing)
          })
        )
        const handled = new Set<string>()
        const latest = new Map<string, string>()
        for (const number of seeing.handled) {
          const shard = seeing.simulated.shardOf(number)
          assert.deepStrictEqual(shard.before.filter((number) => !handled.has(number)), [])
          // A page may come once more, whole or in part; what is new is always further on.
          if (!handled.has(number)) assert.isAbove(Number(number), Number(latest.get(shard.id) ?? 0))
          latest.set(shard.id, handled.has(number) ? latest.get(shard.id) ?? number : number)
          handled.add(number)
        }
        assert.strictEqual(handled.size, commits.length)
      }))

    it.effect("takes the same records until they are handled, and none after them", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        yield* whileFollowing(
          seeing,
          memoryCheckpoints(),
          Effect.gen(function*() {
            yield* pass(5)
            seeing.failures = 40
            yield* append(seeing, one)
            yield* pass(60)
            assert.deepStrictEqual(seeing.handled, [])
            yield* pass(600)
            assert.strictEqual(seeing.failures, 0)
            assert.deepStrictEqual(missing(seeing), [])
          })
        )
        assert.deepStrictEqual(new Set(seeing.handled).size, 3)
      }))

    it.effect("keeps nothing for handled that isn't, when it is ended meanwhile", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const checkpoints = memoryCheckpoints()
        yield* whileFollowing(
          seeing,
          checkpoints,
          Effect.gen(function*() {
            yield* pass(5)
            seeing.failures = Infinity
            yield* append(seeing, one)
            yield* pass(5)
          })
        )
        assert.strictEqual(missing(seeing).length, 3)
        seeing.failures = 0
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), [])
        assert.deepStrictEqual(seeing.scannedFrom, [0])
      }))

    it.effect("looks at an idle shard five times a second, and renews what has expired", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        yield* whileFollowing(
          seeing,
          memoryCheckpoints(),
          Effect.gen(function*() {
            yield* pass(5)
            const { describes, reads } = seeing.simulated
            yield* pass(60)
            assert.approximately(seeing.simulated.reads - reads, 300, 10)
            assert.isAtMost(seeing.simulated.describes - describes, 7)
            seeing.simulated.expireIterators()
            yield* append(seeing, one)
            yield* pass(2)
            assert.deepStrictEqual(missing(seeing), [])
          })
        )
        assert.deepStrictEqual(seeing.scannedFrom, [0])
      }))

    it.effect("forgets shards that are gone", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const checkpoints = memoryCheckpoints()
        yield* whileFollowing(seeing, checkpoints, pass(5))
        const before = Option.getOrThrow(yield* checkpoints.load("events"))
        yield* whileFollowing(
          seeing,
          checkpoints,
          Effect.gen(function*() {
            seeing.simulated.split(yield* Clock.currentTimeMillis)
            yield* pass(15)
          })
        )
        yield* TestClock.adjust("10 hours")
        yield* whileFollowing(seeing, checkpoints, pass(15))
        yield* TestClock.adjust("15 hours")
        yield* whileFollowing(seeing, checkpoints, pass(15))
        const after = Option.getOrThrow(yield* checkpoints.load("events"))
        assert.strictEqual(before.places.size, 1)
        assert.deepStrictEqual(after.places.size, 2)
        for (const shard of before.places.keys()) assert.isFalse(after.places.has(shard))
      }))

    it.effect("misses nothing of an engine that names the endings of open shards", () =>
      Effect.gen(function*() {
        const seeing = new Witness(new SimulatedStream({ namesEndings: true }))
        yield* append(seeing, one.slice(0, 1))
        yield* whileFollowing(
          seeing,
          memoryCheckpoints(),
          Effect.gen(function*() {
            yield* pass(5)
            yield* append(seeing, one.slice(1))
            yield* settle(seeing)
          })
        )
        assert.deepStrictEqual(missing(seeing), [])
        assert.strictEqual(new Set(seeing.handled).size, 2)
      }))
  })
})
