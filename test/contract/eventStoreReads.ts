import { assert } from "@effect/vitest"
import { Array, Effect, Fiber, Ref, Stream } from "effect"
import type { CommentId } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { newStream } from "../../src/events/Head.ts"
import { prepare } from "../../src/events/internal/writing.ts"
import { integer } from "../support/arbitraries.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { history } from "../support/histories.ts"
import { EventLogControls } from "./EventLogControls.ts"
import {
  append,
  decoded,
  type Events,
  few,
  type It,
  relived,
  scanned,
  stored,
  versionsOf,
  written
} from "./eventStoreSteps.ts"

const ofStream = (stream: CommentId, batches: ReadonlyArray<{ readonly commits: ReadonlyArray<EncodedCommit> }>) =>
  batches.flatMap(({ commits }) => commits).filter((commit) => commit.stream === stream)

/** The commits of a stream of its own, as a store would have written them. */
const encodedStream = Effect.fnUntraced(function*(...commits: ReadonlyArray<Events>) {
  let head = newStream(freshStream())
  const encoded: Array<EncodedCommit> = []
  for (const events of commits) {
    const writing = yield* prepare(head, commitOn(head, events))
    encoded.push(writing.encoded)
    head = writing.head
  }
  return encoded
})

const someCommits = (n: number): ReadonlyArray<Events> => [[posted(`${n}`)], [edited("b"), edited("c")], [edited("d")]]

/** Puts streams into the log past the store, so many that a scan has more to read than it reads at once. */
const manyStreams = Effect.gen(function*() {
  const commits = yield* Effect.forEach(Array.range(1, 100), (n) => encodedStream(...someCommits(n)))
  yield* EventLogControls.use((controls) => controls.plant(commits.flat()))
})

const someStreams = (count: number) =>
  Effect.forEach(
    Array.makeBy(count, (n) => n),
    (n) => written(...someCommits(n)),
    { concurrency: 8 }
  )

export const reads = (it: It): void => {
  it.effect.prop(
    "reads of a stream the commits that hold a version or a later one, oldest first, and no more than asked for",
    { history, from: integer(1, 40), limit: integer(1, 30) },
    ({ from, history, limit }) =>
      Effect.gen(function*() {
        const { commits, stream } = yield* relived(history)
        const wanted = commits.filter(({ events }) => events.some(({ version }) => version >= from)).slice(0, limit)
        assert.deepStrictEqual(decoded(yield* stored(stream, from, limit)), wanted)
      }),
    few
  )

  it.effect("reads nothing of a stream that doesn't exist, nor beyond the end of one that does", () =>
    Effect.gen(function*() {
      const { stream } = yield* written([posted("a"), edited("b")])
      assert.deepStrictEqual(yield* stored(stream, 3), [])
      assert.deepStrictEqual(yield* stored(freshStream()), [])
    }))

  it.effect("reads past commits that nobody can decode", () =>
    Effect.gen(function*() {
      const { head, stream } = yield* written([posted("a")])
      const controls = yield* EventLogControls
      const strange = { ...encodeCommit(commitOn(head, [edited("b")])), events: [{ what: "is this" }] }
      yield* controls.plant([strange])
      assert.deepStrictEqual((yield* stored(stream))[1], strange)
      assert.deepStrictEqual(ofStream(stream, yield* scanned())[1], strange)
    }))

  it.effect("scans everything that was acknowledged before, each stream in order", () =>
    Effect.gen(function*() {
      yield* manyStreams
      const streams = yield* someStreams(20)
      const batches = yield* scanned()
      for (const { stream } of streams) assert.deepStrictEqual(versionsOf(ofStream(stream, batches)), [1, 2, 3, 4])
    }))

  it.effect("goes on with a scan from each of its checkpoints, without a commit twice or left out", () =>
    Effect.gen(function*() {
      yield* manyStreams
      const batches = yield* scanned()
      assert.isAbove(batches.length, 1)
      for (const [index, { checkpoint }] of batches.entries()) {
        const rest = batches.slice(index + 1).flatMap(({ commits }) => commits)
        assert.deepStrictEqual((yield* scanned(checkpoint)).flatMap(({ commits }) => commits), rest)
      }
    }))

  it.effect("scans what was acknowledged before it began while 16 others write", () =>
    Effect.gen(function*() {
      yield* manyStreams
      const streams = yield* someStreams(24)
      const isDone = yield* Ref.make(false)
      const busy: Events = [edited("meanwhile")]
      const writers = yield* Effect.forEach(streams.slice(0, 16), ({ head }) =>
        Effect.forkChild(Effect.gen(function*() {
          let last = head
          while (!(yield* Ref.get(isDone))) last = yield* append(last, ...busy)
        })))
      const store = yield* EventStore
      const batches = yield* Stream.runCollect(store.readAll()).pipe(Effect.ensuring(Ref.set(isDone, true)))
      yield* Fiber.joinAll(writers)
      for (const { stream } of streams) {
        const versions = versionsOf(ofStream(stream, batches))
        assert.deepStrictEqual(versions.slice(0, 4), [1, 2, 3, 4])
        assert.deepStrictEqual(versions, versions.toSorted((one, other) => one - other))
      }
    }))
}
