import { assert } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { Version } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { newStream } from "../../src/events/Head.ts"
import { prepare } from "../../src/events/internal/writing.ts"
import { snapshotEvery } from "../../src/events/snapshotPolicy.ts"
import { integer } from "../support/arbitraries.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { deleted, edited, posted } from "../support/encodedCommits.ts"
import { history } from "../support/histories.ts"
import { EventLogControls } from "./EventLogControls.ts"
import { append, consistencies, type Events, few, type It, load, relived, stored, written } from "./eventStoreSteps.ts"

/**
 * The commits of a stream of its own with so many events, as a store would have written them, and its head. Of a long one
 * the last events have commits of their own, and a hundred others share one: it takes as long to write commits as to read
 * them.
 */
const grown = Effect.fnUntraced(function*(events: number, text: string) {
  let head = newStream(freshStream())
  const commits: Array<EncodedCommit> = []
  while (head.version < events) {
    const first = head.version === 0 ? posted(text) : edited(`${text} ${head.version}`)
    const others = Array.from({ length: events - head.version < 110 ? 0 : 99 }, (_, n) => edited(`${n}`))
    const writing = yield* prepare(head, commitOn(head, [first, ...others]))
    commits.push(writing.encoded)
    head = writing.head
  }
  return { commits, head }
})

const plant = (commits: ReadonlyArray<EncodedCommit>) => EventLogControls.use((controls) => controls.plant(commits))

const readBy = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
  EventLogControls.use((controls) => controls.commitsReadBy(effect))

/** Puts commits into a new stream past the store, each with a snapshot of this kind. */
const plantedWith = Effect.fnUntraced(function*(snapshot: unknown, ...commits: ReadonlyArray<Events>) {
  let head = newStream(freshStream())
  const planted: Array<EncodedCommit> = []
  for (const events of commits) {
    const commit = commitOn(head, events)
    head = (yield* prepare(head, commit)).head
    planted.push({ ...encodeCommit(commit), snapshot })
  }
  yield* plant(planted)
  return { stream: head.stream, commits: planted, state: head.state }
})

export const loads = (it: It): void => {
  it.effect.each(consistencies)(
    "finds a stream that doesn't exist at version 0: %s",
    (consistency) =>
      Effect.gen(function*() {
        const stream = freshStream()
        assert.deepStrictEqual(yield* load(stream, consistency), newStream(stream))
      })
  )

  it.effect.prop(
    "finds the head that the last append gave, whatever the history",
    { history },
    ({ history }) =>
      Effect.gen(function*() {
        const { head, stream } = yield* relived(history)
        for (const consistency of consistencies) assert.deepStrictEqual(yield* load(stream, consistency), head)
      }),
    few
  )

  it.effect("goes on from a loaded head as from an appended one", () =>
    Effect.gen(function*() {
      const { stream } = yield* written([posted("a")], [edited("b")])
      const after = yield* append(yield* load(stream), deleted)
      assert.strictEqual(after.version, 3)
      assert.deepStrictEqual(yield* load(stream, "strong"), after)
    }))

  it.effect.each(["small", "l".repeat(2000)])(
    "reads as few commits of a stream of 10,000 events as of one of 10, in commits with and without a snapshot in each: %#",
    (text) =>
      Effect.gen(function*() {
        const ten = yield* grown(10, text)
        const many = yield* grown(10_000, text)
        // As far from the last snapshot as the other.
        while (many.head.commitsSinceSnapshot !== ten.head.commitsSinceSnapshot) {
          const writing = yield* prepare(many.head, commitOn(many.head, [edited(text)]))
          many.commits.push(writing.encoded)
          many.head = writing.head
        }
        yield* plant([...ten.commits, ...many.commits])
        assert.deepStrictEqual(yield* load(many.head.stream), many.head)
        const read = yield* readBy(load(many.head.stream))
        assert.strictEqual(read, yield* readBy(load(ten.head.stream)))
        assert.isAtMost(read, snapshotEvery)
      })
  )

  it.effect.prop(
    "passes over snapshots of an unknown schema number, and of no shape at all",
    { count: integer(1, 20), snapshot: Arbitrary.Constant({ schema: 2, state: "of the future" }) },
    ({ count, snapshot }) =>
      Effect.gen(function*() {
        const edits = Array.from({ length: count - 1 }, (_, n): Events => [edited(`${n}`)])
        yield* Effect.forEach([snapshot, "?", [], 7], (unknown) =>
          Effect.gen(function*() {
            const { state, stream } = yield* plantedWith(unknown, [posted("a")], ...edits)
            const head = yield* load(stream)
            assert.deepStrictEqual(head.state, state)
            assert.strictEqual(head.commitsSinceSnapshot, count)
          }), { concurrency: 4, discard: true })
      }),
    few
  )

  it.effect("writes a snapshot of its own where all others are unknown to it", () =>
    Effect.gen(function*() {
      const { stream } = yield* plantedWith({ schema: 2 }, [posted("a")], [edited("b")])
      const after = yield* append(yield* load(stream), edited("l".repeat(2000)))
      assert.strictEqual(after.commitsSinceSnapshot, 3)
      assert.strictEqual((yield* append(after, edited("c"))).commitsSinceSnapshot, 0)
    }))

  it.effect("fails to load a stream that has an event of the future, and says which", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const future = encodeCommit(commitOn(head, [edited("b"), edited("c")]))
      const [known, unknown] = future.events
      yield* plant([{ ...future, events: [known, { ...unknown, type: "CommentPinned" }] }])
      for (const consistency of consistencies) {
        const error = yield* Effect.flip(load(stream, consistency))
        assert(error._tag === "CommitUndecodable")
        assert.strictEqual(error.stream, stream)
        assert.strictEqual(error.version, Version.make(3))
        assert.match(error.reason, /"CommentPinned"/)
      }
    }))

  it.effect("fails to load a stream that lacks a commit, and says which", () =>
    Effect.gen(function*() {
      const { commits, head } = yield* grown(6, "l".repeat(2000))
      yield* plant(commits.toSpliced(2, 1))
      const error = yield* Effect.flip(load(head.stream))
      assert(error._tag === "CommitUndecodable")
      assert.strictEqual(error.version, Version.make(3))
      assert.strictEqual((yield* stored(head.stream)).length, 5)
    }))
}
