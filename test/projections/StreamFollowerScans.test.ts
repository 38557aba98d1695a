import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { edited, history, posted, stream } from "../support/encodedCommits.ts"
import { append, missing, pass, settle, whileFollowing, Witness } from "../support/following.ts"
import { memoryCheckpoints } from "../support/mortality.ts"
import { quiet } from "../support/projection.ts"

const many = Array.from({ length: 12 }, (_, n) => history(stream(n), [posted(`${n}`)], [edited(`${n}, again`)]))
const one = history(stream(1), [posted("one")], [edited("two")], [edited("three")])

describe("A follower of a table's stream, where records are missed,", () => {
  it.layer(quiet)((it) => {
    it.effect("scans what was there before it, and only once", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const checkpoints = memoryCheckpoints()
        yield* append(seeing, one)
        // They are older than any stream remembers.
        seeing.simulated.lose(new Set(one.map(({ id }) => id)))
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), [])
        yield* append(seeing, many.flat())
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), [])
        assert.deepStrictEqual(seeing.scannedFrom, [0])
      }))

    it.effect("goes on with a scan where it was killed", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const checkpoints = memoryCheckpoints()
        yield* append(seeing, many.flat())
        seeing.simulated.lose(new Set(many.flat().map(({ id }) => id)))
        yield* whileFollowing(seeing, checkpoints, pass(4))
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), [])
        assert.strictEqual(seeing.scannedFrom.length, 2)
        assert.isAbove(seeing.scannedFrom[1] ?? 0, 0)
      }))

    it.effect("doesn't notice a lost record that leaves no gap, and has it after the next scan", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const checkpoints = memoryCheckpoints()
        yield* whileFollowing(seeing, checkpoints, pass(5))
        yield* append(seeing, one)
        const last = one.slice(-1).map(({ id }) => id)
        seeing.simulated.lose(new Set(last))
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), last)
        seeing.simulated.recreate()
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), [])
      }))

    it.effect("scans again when what it had not handled was trimmed, be it from a shard's middle, beginning or whole", () =>
      Effect.gen(function*() {
        for (const hours of [23, 30, 60]) {
          const seeing = new Witness()
          const checkpoints = memoryCheckpoints()
          yield* append(seeing, one)
          yield* whileFollowing(seeing, checkpoints, pass(15))
          yield* append(seeing, many[2] ?? [])
          seeing.simulated.split(yield* Clock.currentTimeMillis)
          yield* append(seeing, many[3] ?? [])
          yield* TestClock.adjust(hours * 3_600_000)
          yield* append(seeing, many[4] ?? [])
          yield* whileFollowing(seeing, checkpoints, settle(seeing))
          assert.deepStrictEqual(missing(seeing), [])
          assert.deepStrictEqual(seeing.scannedFrom, hours < 24 ? [0] : [0, 0])
        }
      }))

    it.effect("scans again when only the beginning of a shard was trimmed, which a stream doesn't tell", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        const checkpoints = memoryCheckpoints()
        const [old = [], young = []] = many
        yield* whileFollowing(
          seeing,
          checkpoints,
          Effect.gen(function*() {
            yield* pass(15)
            seeing.simulated.split(yield* Clock.currentTimeMillis)
            // Long enough to end the shard, too short to look for what comes after it.
            yield* pass(2)
          })
        )
        yield* append(seeing, old)
        yield* TestClock.adjust("23 hours")
        yield* append(seeing, young)
        yield* TestClock.adjust("2 hours")
        yield* whileFollowing(seeing, checkpoints, settle(seeing))
        assert.deepStrictEqual(missing(seeing), [])
      }))

    it.effect("scans again when records are trimmed before its eyes", () =>
      Effect.gen(function*() {
        const seeing = new Witness()
        yield* whileFollowing(
          seeing,
          memoryCheckpoints(),
          Effect.gen(function*() {
            yield* pass(5)
            seeing.simulated.trim()
            yield* pass(5)
          })
        )
        assert.deepStrictEqual(seeing.scannedFrom, [0, 0])
      }))
  })
})
