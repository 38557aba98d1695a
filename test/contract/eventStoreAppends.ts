import { assert } from "@effect/vitest"
import { Array, Effect, Fiber, Ref } from "effect"
import { CommitId } from "../../src/domain/ids.ts"
import { maxCommitBytes } from "../../src/events/commitSize.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import type { VersionConflict } from "../../src/events/EventStore.ts"
import { newStream } from "../../src/events/Head.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { deleted, edited, posted } from "../support/encodedCommits.ts"
import { history } from "../support/histories.ts"
import {
  append,
  consistencies,
  decoded,
  few,
  type It,
  load,
  put,
  relived,
  stored,
  versionsOf,
  written
} from "./eventStoreSteps.ts"

const winnerOf = ({ winner }: VersionConflict) => (winner === null ? winner : decoded([winner])[0])

const bytesIn = (events: Parameters<typeof commitOn>[1]) =>
  Buffer.byteLength(JSON.stringify(encodeCommit(commitOn(newStream(freshStream()), events)).events))

/** Edits in one commit that come as close to the limit as edits of this length can. */
const editsWithin = (bytes: number): Parameters<typeof commitOn>[1] => {
  const edit = edited("長".repeat(2200))
  const [one, two] = [bytesIn([edit]), bytesIn([edit, edit])]
  return [edit, ...Array.makeBy(Math.floor((bytes - one) / (two - one)), () => edit)]
}

export const appends = (it: It): void => {
  it.effect.prop(
    "gives every commit of a stream back as it was appended",
    { history },
    ({ history }) =>
      Effect.gen(function*() {
        const { commits, stream } = yield* relived(history)
        assert.deepStrictEqual(decoded(yield* stored(stream)), commits)
      }),
    few
  )

  it.effect("fills the versions from 1 on without a gap", () =>
    Effect.gen(function*() {
      const { stream } = yield* written([posted("a")], [edited("b"), edited("c")], [edited("d")], [deleted])
      assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1, 2, 3, 4, 5])
    }))

  it.effect("never lets time go back in a stream, whatever the clock does", () =>
    Effect.gen(function*() {
      let head = newStream(freshStream())
      for (const now of [2000, 1000, 3000, 2999]) {
        head = yield* put(head, commitOn(head, [head.version === 0 ? posted("a") : edited(`at ${now}`)], { now }))
      }
      const times = decoded(yield* stored(head.stream)).map(({ events: [{ occurredAt }] }) => occurredAt as number)
      assert.deepStrictEqual(times, [2000, 2000, 3000, 3000])
    }))

  it.effect("lets one of 32 concurrent writers win, and tells the others who it was", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const commits = Array.makeBy(32, (n) => commitOn(head, [edited(`writer ${n}`), edited("and again")]))
      const [winners, losers] = yield* Effect.partition(commits, (commit) => put(head, commit), {
        concurrency: "unbounded"
      })
      assert.strictEqual(winners.length, 1)
      const [, second, ...others] = decoded(yield* stored(stream))
      assert.deepStrictEqual(others, [])
      assert.include(commits, commits.find(({ id }) => id === second?.id))
      assert.strictEqual(losers.length, 31)
      for (const error of losers) {
        assert(error._tag === "VersionConflict")
        assert.strictEqual(error.expectedVersion, 1)
        assert.deepStrictEqual(winnerOf(error), second)
      }
      assert.deepStrictEqual(yield* load(stream, "strong"), winners[0])
    }))

  it.effect("gives an append that comes late the commit that has its place", () =>
    Effect.gen(function*() {
      const { heads: [, early], stream } = yield* written([posted("a")], [edited("b"), edited("c")], [edited("d")])
      assert.isDefined(early)
      const error = yield* Effect.flip(append(early, edited("late")))
      assert(error._tag === "VersionConflict")
      assert.strictEqual(error.stream, stream)
      assert.strictEqual(error.expectedVersion, 1)
      assert.deepStrictEqual(winnerOf(error), decoded(yield* stored(stream, 2, 1))[0])
    }))

  it.effect("takes nothing into an existing stream from somebody who says that it's new", () =>
    Effect.gen(function*() {
      const { stream } = yield* written([posted("a")], [edited("b")])
      const error = yield* Effect.flip(append(newStream(stream), posted("first")))
      assert(error._tag === "VersionConflict")
      assert.strictEqual(error.expectedVersion, 0)
      assert.deepStrictEqual(winnerOf(error), decoded(yield* stored(stream, 1, 1))[0])
    }))

  it.effect("takes an identical append again and stores nothing twice, also after the stream went on", () =>
    Effect.gen(function*() {
      const { head } = yield* written([posted("a")])
      const commit = commitOn(head, [edited("b"), edited("c")])
      const after = yield* put(head, commit)
      assert.deepStrictEqual(yield* put(head, commit), after)
      yield* append(after, edited("d"))
      assert.deepStrictEqual(yield* put(head, commit), after)
      assert.deepStrictEqual(versionsOf(yield* stored(head.stream)), [1, 2, 3, 4])
    }))

  it.effect("takes an identical append from 8 at once, and stores it once", () =>
    Effect.gen(function*() {
      const { head } = yield* written([posted("a")])
      const commit = commitOn(head, [edited("b")])
      const heads = yield* Effect.all(Array.makeBy(8, () => put(head, commit)), { concurrency: "unbounded" })
      for (const after of heads) assert.deepStrictEqual(after, heads[0])
      assert.deepStrictEqual(decoded(yield* stored(head.stream, 2)), [commit])
    }))

  it.effect("knows a commit by its id only: the same events under another id conflict", () =>
    Effect.gen(function*() {
      const { head } = yield* written([posted("a")])
      const commit = commitOn(head, [edited("b")])
      yield* put(head, commit)
      const twin = { ...commit, id: CommitId.make(freshStream()) }
      const error = yield* Effect.flip(put(head, twin))
      assert(error._tag === "VersionConflict")
      assert.deepStrictEqual(winnerOf(error), commit)
    }))

  it.effect("leaves the stream as it was when it refuses an append", () =>
    Effect.gen(function*() {
      const { heads: [before, early], stream } = yield* written([posted("a")], [edited("b")])
      assert.isDefined(early)
      const log = yield* stored(stream)
      yield* Effect.flip(append(before, posted("first")))
      yield* Effect.flip(append(early, edited("late"), deleted))
      assert.deepStrictEqual(yield* stored(stream), log)
    }))

  it.effect("never shows a part of a commit to those who read meanwhile", () =>
    Effect.gen(function*() {
      const { head: start, stream } = yield* written([posted("a"), edited("b"), edited("c")])
      const isDone = yield* Ref.make(false)
      const writer = yield* Effect.forkChild(
        Effect.gen(function*() {
          let head = start
          for (let n = 0; n < 30; n++) head = yield* append(head, edited(`${n}`), edited(`${n}.1`), edited(`${n}.2`))
        }).pipe(Effect.ensuring(Ref.set(isDone, true)))
      )
      const parts = yield* Ref.make<ReadonlyArray<number>>([])
      while (!(yield* Ref.get(isDone))) {
        for (const consistency of consistencies) {
          const { version } = yield* load(stream, consistency)
          if (version % 3 !== 0) yield* Ref.update(parts, (parts) => [...parts, version])
        }
      }
      yield* Fiber.join(writer)
      assert.deepStrictEqual(yield* Ref.get(parts), [])
      assert.strictEqual((yield* load(stream)).version, 93)
    }))

  it.effect("stores a commit of nearly 400 KB, and refuses a larger one without storing any of it", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const largest = editsWithin(maxCommitBytes)
      const [another] = largest
      const tooLarge = yield* Effect.flip(append(head, another, ...largest))
      assert(tooLarge._tag === "CommitTooLarge")
      assert.strictEqual(tooLarge.stream, stream)
      assert.strictEqual(tooLarge.limit, maxCommitBytes)
      assert.isAbove(tooLarge.bytes, maxCommitBytes)
      assert.deepStrictEqual(versionsOf(yield* stored(stream)), [1])
      const after = yield* append(head, ...largest)
      assert.strictEqual(after.version, 1 + largest.length)
      assert.deepStrictEqual(yield* load(stream), after)
    }))
}
