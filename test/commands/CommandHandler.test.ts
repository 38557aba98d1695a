import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { Answer, CommentAtVersion } from "../../src/commands/Answer.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import type { RecordedEvent } from "../../src/domain/CommentEvent.ts"
import { Timestamp, Version } from "../../src/domain/ids.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import {
  ana,
  bruno,
  commentId,
  edit,
  fresh,
  mo,
  pictureId,
  post,
  postedUnderKey,
  remove,
  standingAt,
  underKey,
  versions
} from "../support/given.ts"
import { commitsOf, eventsOf, handle, handlerOver, onMemory, origin } from "../support/handling.ts"

const keyed = { identity: postedUnderKey() }

/** Ana's comment as it was at a version: version `n` came into being in second `n`. */
const commentAt = (version: number, text: string): CommentAtVersion => ({
  id: commentId,
  pictureId,
  authorId: ana.id,
  text,
  version: Version.make(version),
  createdAt: Timestamp.make(1000),
  editedAt: version === 1 ? null : Timestamp.make(1000 * version)
})

const answer = (outcome: Answer["outcome"], version: number, comment: CommentAtVersion | null): Answer => ({
  outcome,
  standing: standingAt(version),
  comment
})

// Streams can be loaded, but nothing else of them can be read.
const unreadable = Layer.effect(
  EventStore,
  Effect.map(
    EventStore,
    (store) => EventStore.of({ ...store, readStream: () => Effect.die(new Error("there was no need")) })
  )
)

/** Commands that are accepted, a second after each other. */
const accepted = Effect.fnUntraced(function*(...commands: ReadonlyArray<CommentCommand>) {
  const answers: Array<Answer> = []
  for (const command of commands) {
    yield* TestClock.adjust("1 second")
    answers.push(yield* handle(command))
  }
  assert.deepStrictEqual(answers.map(({ outcome }) => outcome), commands.map(() => "accepted"))
  return answers
})

describe("An accepted command", () => {
  it.effect("is answered with the comment as it left it, and where that stands", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* accepted(post("zero"), edit("one"), edit("two", { identity: fresh(2) })), [
        answer("accepted", 1, commentAt(1, "zero")),
        answer("accepted", 2, commentAt(2, "one")),
        answer("accepted", 3, commentAt(3, "two"))
      ])
      assert.deepStrictEqual(yield* accepted(remove({ identity: fresh(3) })), [answer("accepted", 4, null)])
    }).pipe(Effect.provide(onMemory)))

  it.effect("stands in the log with who asked, when, under which key and in which request", () =>
    Effect.gen(function*() {
      yield* accepted(post("zero", keyed), remove({ as: mo, identity: underKey(1) }))
      const [first, second] = yield* eventsOf(commentId)
      const told = (of: RecordedEvent | undefined) => ({ ...of, id: undefined, body: undefined })
      const nothing = { id: undefined, body: undefined, stream: commentId }
      assert.deepStrictEqual<unknown>(told(first), {
        ...nothing,
        ...origin,
        ...keyed.identity,
        actor: ana.id,
        version: 1,
        occurredAt: 1000
      })
      assert.deepStrictEqual<unknown>(told(second), {
        ...nothing,
        ...origin,
        ...underKey(1),
        actor: mo.id,
        version: 2,
        occurredAt: 2000
      })
      assert.notStrictEqual(first?.id, second?.id)
    }).pipe(Effect.provide(onMemory)))

  it.effect("never occurs before what it follows, though the clock goes back", () =>
    Effect.gen(function*() {
      yield* accepted(post("zero"), edit("one"))
      yield* TestClock.setTime(500)
      const { comment } = yield* handle(edit("two", { identity: fresh(2) }))
      assert.strictEqual(comment?.editedAt, 2000)
      yield* TestClock.setTime(2500)
      yield* handle(remove({ identity: fresh(3) }))
      assert.deepStrictEqual((yield* eventsOf(commentId)).map(({ occurredAt }): number => occurredAt), [
        1000,
        2000,
        2000,
        2500
      ])
    }).pipe(Effect.provide(onMemory)))

  it.effect("occurs at a whole millisecond, though the clock counts parts of one", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1000.75)
      const { comment } = yield* handle(post("zero"))
      assert.strictEqual(comment?.createdAt, 1000)
    }).pipe(Effect.provide(onMemory)))
})

describe("A command that changes nothing", () => {
  it.effect("is answered with the comment as it is, and appends nothing", () =>
    Effect.gen(function*() {
      yield* accepted(post("zero"), edit("one"))
      assert.deepStrictEqual(
        yield* handle(edit("one", { identity: underKey(1) })),
        answer("unchanged", 2, commentAt(2, "one"))
      )
      yield* accepted(remove({ identity: fresh(2) }))
      assert.deepStrictEqual(yield* handle(remove({ identity: underKey(2), as: bruno })), answer("unchanged", 3, null))
      assert.lengthOf(yield* commitsOf(commentId), 3)
    }).pipe(Effect.provide(onMemory)))
})

describe("A command that was accepted before", () => {
  it.effect("is answered with the comment as it was then, and where it stands now", () =>
    Effect.gen(function*() {
      const first = [post("zero", keyed), edit("one", { identity: underKey(1) })]
      yield* accepted(...first, edit("two", { identity: underKey(2) }))
      assert.deepStrictEqual(yield* Effect.forEach(first, handle), [
        answer("replayed", 3, commentAt(1, "zero")),
        answer("replayed", 3, commentAt(2, "one"))
      ])
      assert.lengthOf(yield* commitsOf(commentId), 3)
    }).pipe(Effect.provide(onMemory)))

  it.effect("is answered with the same comment at once, and also after the comment was deleted", () =>
    Effect.gen(function*() {
      const both = [post("zero", keyed), edit("one", { identity: underKey(1) })]
      const [posted, edited] = yield* accepted(...both)
      assert.deepStrictEqual((yield* Effect.forEach(both, handle)).map(({ comment }) => comment), [
        posted?.comment,
        edited?.comment
      ])
      yield* accepted(remove({ identity: underKey(2) }))
      assert.deepStrictEqual(yield* Effect.forEach([...both, remove({ identity: underKey(2) })], handle), [
        answer("replayed", 3, commentAt(1, "zero")),
        answer("replayed", 3, commentAt(2, "one")),
        answer("replayed", 3, null)
      ])
    }).pipe(Effect.provide(onMemory)))

  it.effect("is answered from what was loaded, if nothing has happened since", () =>
    Effect.gen(function*() {
      yield* accepted(post("zero", keyed))
      assert.deepStrictEqual(yield* handle(post("zero", keyed)), answer("replayed", 1, commentAt(1, "zero")))
    }).pipe(Effect.provide(handlerOver(unreadable))))

  it.effect("is found in a log of more events than a load reads", () =>
    Effect.gen(function*() {
      yield* accepted(post("zero", keyed), edit("one", { identity: underKey(1) }))
      for (let n = 2; n < 17; n++) yield* accepted(edit(`text ${n}`, { identity: fresh(n) }))
      assert.deepStrictEqual(
        yield* handle(edit("one", { identity: underKey(1) })),
        answer("replayed", 17, commentAt(2, "one"))
      )
      assert.deepStrictEqual(yield* handle(post("zero", keyed)), answer("replayed", 17, commentAt(1, "zero")))
    }).pipe(Effect.provide(onMemory)))
})

describe("A refused command", () => {
  const refused = (command: CommentCommand) => Effect.flip(handle(command))

  it.effect("is told why, and appends nothing", () =>
    Effect.gen(function*() {
      assert.include(yield* refused(edit("one")), { _tag: "CommentNotFound" })
      assert.deepInclude(yield* refused(post("zero", { ifMatch: versions(1) })), {
        _tag: "VersionMismatch",
        standing: standingAt(0)
      })
      yield* accepted(post("zero", keyed), edit("one", { identity: underKey(1) }))
      assert.include(yield* refused(post("zero", { identity: postedUnderKey("another-load") })), {
        _tag: "IdempotencyKeyReused"
      })
      assert.include(yield* refused(remove({ identity: underKey(1, "another-load") })), {
        _tag: "IdempotencyKeyReused"
      })
      assert.include(yield* refused(edit("two", { as: bruno })), { _tag: "NotTheAuthor" })
      assert.deepInclude(yield* refused(edit("two", { ifMatch: versions(1) })), {
        _tag: "VersionMismatch",
        standing: standingAt(2)
      })
      yield* accepted(remove())
      assert.deepInclude(yield* refused(edit("two", { identity: fresh(3) })), {
        _tag: "CommentGone",
        standing: standingAt(3)
      })
      assert.lengthOf(yield* commitsOf(commentId), 3)
    }).pipe(Effect.provide(onMemory)))
})
