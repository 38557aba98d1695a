import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { elementOf, integer, oneOf } from "../support/arbitraries.ts"
import { logs } from "../support/encodedCommits.ts"
import { append, interleaved, missing, pass, settle, Witness, witness } from "../support/following.ts"
import { Lifeline, memoryCheckpoints } from "../support/mortality.ts"
import { quiet } from "../support/projection.ts"

/** What happens, one after the other, while a stream is followed. */
type Happening =
  | { readonly _tag: "Append"; readonly commits: number; readonly swapped: boolean }
  | { readonly _tag: "Lose"; readonly nth: number }
  | { readonly _tag: "Split" | "Recreate" | "Expire" | "Restart" | "Down" }
  | { readonly _tag: "Throttle" | "Fail" | "Pass"; readonly n: number }

const n = (maximum: number) => integer(1, maximum)

const happening = oneOf<Happening>(
  Arbitrary.map(Arbitrary.all([n(6), elementOf(false, true)]), ([commits, swapped]) => ({
    _tag: "Append",
    commits,
    swapped
  })),
  Arbitrary.map(Arbitrary.all([n(6), elementOf(false, true)]), ([commits, swapped]) => ({
    _tag: "Append",
    commits,
    swapped
  })),
  elementOf<Happening>(
    { _tag: "Split" },
    { _tag: "Expire" },
    { _tag: "Restart" },
    { _tag: "Down" },
    { _tag: "Recreate" }
  ),
  // Seconds, up to a day and a half; a follower that runs is spared most of a long time.
  Arbitrary.map(elementOf(1, 20, 1000, 20_000, 130_000), (n) => ({ _tag: "Pass", n })),
  Arbitrary.map(Arbitrary.all([elementOf<"Throttle" | "Fail">("Throttle", "Fail"), n(5)]), ([_tag, n]) => ({ _tag, n }))
)

const happenings = Arbitrary.array(happening, { minLength: 3, maxLength: 14 })

describe("A follower of a table's stream", () => {
  it.layer(quiet)((it) => {
    it.effect.prop(
      "hands over or scans all that was appended, whatever happens to the stream and to itself",
      { all: logs, happenings },
      ({ all, happenings }) =>
        Effect.gen(function*() {
          const seeing = new Witness()
          const { simulated } = seeing
          const checkpoints = memoryCheckpoints()
          let lifeline = new Lifeline()
          const start = Effect.suspend(() => {
            lifeline = new Lifeline()
            return Effect.forkChild(witness(seeing, checkpoints, lifeline))
          })
          const kill = Effect.fnUntraced(function*(fiber: Fiber.Fiber<unknown, unknown>) {
            lifeline.kill()
            yield* Fiber.interrupt(fiber)
          })
          const rest = interleaved(all)
          let follower = yield* start
          let isDown = false
          for (const what of happenings) {
            const now = yield* Clock.currentTimeMillis
            if (what._tag === "Append") yield* append(seeing, rest.splice(0, what.commits), what.swapped)
            if (what._tag === "Split") simulated.split(now)
            if (what._tag === "Expire") simulated.expireIterators()
            if (what._tag === "Recreate") simulated.recreate()
            if (what._tag === "Throttle") simulated.throttle(what.n)
            if (what._tag === "Fail") seeing.failures += what.n
            if (what._tag === "Pass") yield* (isDown ? TestClock.adjust(1000 * what.n) : pass(Math.min(what.n, 20)))
            if (what._tag === "Down" || what._tag === "Restart") yield* kill(follower)
            isDown = what._tag === "Down" || (isDown && what._tag !== "Restart")
            if (what._tag === "Restart") follower = yield* start
            yield* pass(0.4)
          }
          if (isDown) follower = yield* start
          yield* append(seeing, rest)
          yield* settle(seeing)
          assert.deepStrictEqual(missing(seeing), [])
          yield* Fiber.interrupt(follower)
        }),
      { arbitrary: { runs: 200 } }
    )

    // What a follower goes through from its first call to its last: everything of it is a place to be killed at.
    const eventfully = Effect.fnUntraced(function*(seeing: Witness, all: ReadonlyArray<EncodedCommit>) {
      const rest = interleaved(all)
      yield* append(seeing, rest.splice(0, 4))
      yield* pass(3)
      seeing.simulated.split(yield* Clock.currentTimeMillis)
      yield* append(seeing, rest.splice(0, 8), true)
      yield* pass(3)
      seeing.simulated.split(yield* Clock.currentTimeMillis, 2)
      yield* append(seeing, rest)
      yield* pass(20)
    })

    it.effect.prop(
      "misses nothing when it is killed at any step",
      { all: logs, killedAt: integer(1, 160) },
      ({ all, killedAt }) =>
        Effect.gen(function*() {
          const seeing = new Witness()
          const checkpoints = memoryCheckpoints()
          // There is a past before it begins.
          yield* append(seeing, interleaved(all).slice(0, 2))
          const first = yield* Effect.forkChild(witness(seeing, checkpoints, new Lifeline(killedAt)))
          yield* eventfully(seeing, interleaved(all).slice(2))
          yield* Fiber.interrupt(first)
          const second = yield* Effect.forkChild(witness(seeing, checkpoints))
          yield* settle(seeing)
          assert.deepStrictEqual(missing(seeing), [])
          yield* Fiber.interrupt(second)
        }),
      { arbitrary: { runs: 200 } }
    )
  })
})
