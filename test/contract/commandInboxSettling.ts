import { assert } from "@effect/vitest"
import { Effect, Result } from "effect"
import { newStream } from "../../src/events/Head.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { edited } from "../support/encodedCommits.ts"
import { doneBy, freshEdit, freshPost } from "../support/inboxEntries.ts"
import type { It } from "./commandInboxSteps.ts"
import { accepted, append, appendAndSettle, commitFor, found, load, postedBy, settle } from "./commandInboxSteps.ts"

const failed = { _tag: "Failed", reason: "a reason" } as const

export const settling = (it: It): void => {
  it.effect("appends what a command comes to, and says at the same time that it is done", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      const head = newStream(post.commentId)
      const commit = commitFor(head, post)
      const next = yield* appendAndSettle(head, commit, post.commandId)
      assert.deepStrictEqual((yield* found(post.commandId)).outcome, doneBy(head, commit))
      assert.deepStrictEqual((yield* load(post)).state, next.state)
      const edit = yield* accepted(freshEdit(post.commentId, "two"))
      const second = yield* appendAndSettle(next, commitFor(next, edit), edit.commandId)
      assert.strictEqual(second.version, 2)
      assert.deepStrictEqual((yield* load(edit)).state, second.state)
    }))

  it.effect("takes the identical append for a repetition, and does nothing twice", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      const head = newStream(post.commentId)
      const commit = commitFor(head, post)
      const first = yield* appendAndSettle(head, commit, post.commandId)
      assert.deepStrictEqual((yield* appendAndSettle(head, commit, post.commandId)).state, first.state)
      yield* append(first, commitOn(first, [edited("two")]))
      assert.deepStrictEqual((yield* appendAndSettle(head, commit, post.commandId)).state, first.state)
      assert.strictEqual((yield* load(post)).version, 2)
    }))

  it.effect("appends nothing for a command that is settled, or that it doesn't know", () =>
    Effect.gen(function*() {
      const post = freshPost()
      const head = yield* postedBy(post)
      for (const isKnown of [true, false]) {
        const edit = freshEdit(post.commentId, "two")
        if (isKnown) {
          yield* accepted(edit)
          assert.isTrue(yield* settle(edit.commandId, failed))
        }
        const refusal = yield* Effect.flip(appendAndSettle(head, commitFor(head, edit), edit.commandId))
        assert.deepInclude(refusal, { _tag: "AlreadySettled", id: edit.commandId })
        if (isKnown) assert.deepStrictEqual((yield* found(edit.commandId)).outcome, failed)
        assert.strictEqual((yield* load(edit)).version, 1)
      }
    }))

  it.effect("leaves a command pending whose place has been taken, and tells by whom", () =>
    Effect.gen(function*() {
      const post = freshPost()
      const head = yield* postedBy(post)
      const edit = yield* accepted(freshEdit(post.commentId, "two"))
      const winner = commitOn(head, [edited("faster")])
      yield* append(head, winner)
      const conflict = yield* Effect.flip(appendAndSettle(head, commitFor(head, edit), edit.commandId))
      assert(conflict._tag === "VersionConflict")
      assert.strictEqual(conflict.expectedVersion, 1)
      assert.strictEqual(conflict.winner?.id, winner.id)
      assert.isNull((yield* found(edit.commandId)).outcome)
      assert.strictEqual((yield* load(edit)).version, 2)
    }))

  it.effect("leaves a command pending whose commit is too large", () =>
    Effect.gen(function*() {
      const post = freshPost()
      const head = yield* postedBy(post)
      const edit = yield* accepted(freshEdit(post.commentId, "two"))
      const large = edited("x".repeat(2000))
      const commit = commitOn(head, [large, ...Array.from({ length: 249 }, () => large)])
      const refusal = yield* Effect.flip(appendAndSettle(head, commit, edit.commandId))
      assert.strictEqual(refusal._tag, "CommitTooLarge")
      assert.isNull((yield* found(edit.commandId)).outcome)
      assert.strictEqual((yield* load(edit)).version, 1)
    }))

  it.effect("appends one of many commits for one command, and of many commands at one place", () =>
    Effect.gen(function*() {
      const post = yield* accepted(freshPost())
      const start = newStream(post.commentId)
      const same = yield* Effect.forEach(
        Array.from({ length: 8 }, () => commitFor(start, post)),
        (commit) => Effect.result(appendAndSettle(start, commit, post.commandId)),
        { concurrency: "unbounded" }
      )
      const [head, ...more] = same.filter(Result.isSuccess).map(({ success }) => success)
      assert(head !== undefined)
      assert.lengthOf(more, 0)
      const edits = yield* Effect.forEach(
        Array.from({ length: 8 }, (_, n) => freshEdit(post.commentId, `text ${n}`)),
        accepted
      )
      const tried = yield* Effect.forEach(
        edits,
        (edit) => Effect.result(appendAndSettle(head, commitFor(head, edit), edit.commandId)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(tried.filter(Result.isSuccess).length, 1)
      for (const [n, edit] of edits.entries()) {
        const outcome = (yield* found(edit.commandId)).outcome
        const won = tried[n]
        assert(won !== undefined)
        assert.strictEqual(outcome?._tag ?? "pending", Result.isSuccess(won) ? "Done" : "pending")
      }
      assert.strictEqual((yield* load(post)).version, 2)
    }))

  it.effect("never has both of an append and another outcome, when they come at once", () =>
    Effect.gen(function*() {
      for (let round = 0; round < 12; round++) {
        const post = yield* accepted(freshPost("a", freshStream()))
        const head = newStream(post.commentId)
        const [appended, settled] = yield* Effect.all([
          Effect.result(appendAndSettle(head, commitFor(head, post), post.commandId)),
          settle(post.commandId, failed)
        ], { concurrency: "unbounded" })
        assert.strictEqual(Result.isSuccess(appended), !settled)
        if (Result.isFailure(appended)) assert.strictEqual(appended.failure._tag, "AlreadySettled")
        assert.strictEqual((yield* found(post.commandId)).outcome?._tag, settled ? "Failed" : "Done")
        assert.strictEqual((yield* load(post)).version, settled ? 0 : 1)
      }
    }))
}
