import { assert, it } from "@effect/vitest"
import { Effect, Option, Ref } from "effect"
import { SqlClient } from "effect/sql"
import { EventTail } from "../../src/events/EventTail.ts"
import { loadCheckpoint, saveCheckpoint } from "../../src/projections/checkpoints.ts"
import { describeEngines } from "../engines/databases.ts"
import { freshStream } from "../support/commitOn.ts"
import { deleted, edited, posted } from "../support/encodedCommits.ts"
import { emptyReadModel, readModel } from "../support/readModel.ts"
import { append, tailingOn, tailingWithin, untilCaughtUp, whileFollowing } from "../support/tailing.ts"

const saved = (name: string) => Effect.flatMap(SqlClient.SqlClient, (sql) => loadCheckpoint(sql, name))

/** The tail, and where somebody begins to read it. */
const watchedTail = Effect.gen(function*() {
  const tail = yield* EventTail
  const begun = yield* Ref.make(Option.none<string>())
  const watched = EventTail.of({
    ...tail,
    read: (after, limit) =>
      Ref.update(begun, Option.orElse(() => Option.some(after))).pipe(Effect.andThen(tail.read(after, limit)))
  })
  return { watched, begun: Ref.get(begun) }
})

/** Sixteen at once, each of a comment with twenty edits. */
const manyWriters = Effect.forEach(
  Array.from({ length: 16 }, freshStream),
  (subject) => append(subject, posted("one"), ...Array.from({ length: 20 }, (_, n) => edited(`edit ${n}`))),
  { concurrency: "unbounded" }
)

describeEngines("Following the log", (engine) => {
  it.layer(tailingOn(engine), { excludeTestServices: true })((it) => {
    it.effect("projects what is there already, and then what is appended", () =>
      Effect.gen(function*() {
        const subject = freshStream()
        yield* append(subject, posted("one"), edited("two"))
        yield* whileFollowing(
          { name: "first" },
          Effect.gen(function*() {
            const { expected, found } = yield* untilCaughtUp
            assert.deepStrictEqual(found, expected)
            yield* append(subject, edited("three"), deleted)
            const later = yield* untilCaughtUp
            assert.deepStrictEqual(later.found, later.expected)
          })
        )
      }))

    it.effect("begins at the log's beginning where the read model is new", () =>
      Effect.gen(function*() {
        yield* append(freshStream(), posted("one"))
        yield* whileFollowing({ name: "second" }, untilCaughtUp)
        yield* emptyReadModel
        const { expected, found } = yield* whileFollowing({ name: "second" }, untilCaughtUp)
        assert.deepStrictEqual(found, expected)
      }))

    it.effect("goes on after a restart from where it ended", () =>
      Effect.gen(function*() {
        const tail = yield* EventTail
        yield* append(freshStream(), posted("one"))
        yield* whileFollowing({ name: "third" }, untilCaughtUp)
        const ended = yield* saved("third")
        assert.deepStrictEqual(ended, Option.some(yield* tail.present))
        yield* append(freshStream(), posted("two"))
        const { begun, watched } = yield* watchedTail
        const { expected, found } = yield* whileFollowing({ name: "third" }, untilCaughtUp, watched)
        assert.deepStrictEqual(yield* begun, ended)
        assert.deepStrictEqual(found, expected)
      }))

    it.effect("repeats, without harm, what a crash left between the projection and the checkpoint", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const tail = yield* EventTail
        yield* append(freshStream(), posted("one"), edited("two"), deleted)
        yield* append(freshStream(), posted("three"))
        yield* whileFollowing({ name: "fourth" }, untilCaughtUp)
        const before = yield* readModel
        yield* saveCheckpoint(sql, "fourth", tail.beginning)
        const { begun, watched } = yield* watchedTail
        yield* append(freshStream(), posted("four"))
        const { expected, found } = yield* whileFollowing({ name: "fourth" }, untilCaughtUp, watched)
        assert.deepStrictEqual(yield* begun, Option.some(tail.beginning))
        assert.deepStrictEqual(found, expected)
        assert.isAbove(found.history.length, before.history.length)
      }))

    it.effect("reads all that many write at the same time", () =>
      Effect.gen(function*() {
        const nudges = yield* Ref.make(0)
        const { expected, found } = yield* whileFollowing(
          { name: "fifth", positionsChanged: Ref.update(nudges, (n) => n + 1) },
          Effect.gen(function*() {
            yield* manyWriters
            return yield* untilCaughtUp
          })
        )
        assert.deepStrictEqual(found, expected)
        assert.isAbove(yield* Ref.get(nudges), 0)
      }))
  })
})

describeEngines("Following a log in the read model's own database", (engine) => {
  it.layer(tailingWithin(engine, { maxConnections: 24 }), { excludeTestServices: true })((it) => {
    it.effect("reads all that many write at the same time", () =>
      Effect.gen(function*() {
        const { expected, found } = yield* whileFollowing({}, Effect.andThen(manyWriters, untilCaughtUp))
        assert.deepStrictEqual(found, expected)
      }))
  })
})
