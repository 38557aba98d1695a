import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { derivedCommandId, derivedCommentId, fingerprintOf } from "../../src/commands/derivedIds.ts"
import type { Asking } from "../../src/commands/identify.ts"
import { identifyDelete, identifyEdit, identifyPost } from "../../src/commands/identify.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import { PictureId } from "../../src/domain/ids.ts"
import { ana, anyVersion, bruno, commentId, mo, pictureId } from "../support/given.ts"

const text = CommentText.make("one")
const keyed: Asking = { actor: ana, idempotencyKey: "a-key", precondition: null }
const keyless: Asking = { actor: ana, idempotencyKey: null, precondition: anyVersion }
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe("A command with an idempotency key", () => {
  it.effect("to post has a comment's id that follows from author and key, whatever the picture and the text", () =>
    Effect.gen(function*() {
      const first = yield* identifyPost(keyed, pictureId, text)
      assert.deepInclude(first, {
        _tag: "PostComment",
        commentId: derivedCommentId(ana.id, "a-key"),
        fingerprint: fingerprintOf("POST", pictureId, text),
        actor: ana,
        precondition: null,
        text
      })
      assert.strictEqual<string>(first.commandId, first.commentId)
      const another = yield* identifyPost(keyed, PictureId.make("harbour-7"), text)
      assert.strictEqual(another.commentId, first.commentId)
      assert.notStrictEqual(another.fingerprint, first.fingerprint)
      const others = yield* identifyPost({ ...keyed, actor: bruno }, pictureId, text)
      assert.notStrictEqual(others.commentId, first.commentId)
    }).pipe(Effect.provide(SecureRandom.layerWebCrypto)))

  it.effect("to edit or delete has an id that follows from author, comment and key, and its own fingerprint", () =>
    Effect.gen(function*() {
      const edit = yield* identifyEdit(keyed, commentId, text)
      const remove = yield* identifyDelete(keyed, commentId)
      const commandId = derivedCommandId(ana.id, commentId, "a-key")
      assert.deepStrictEqual<unknown>(edit, {
        _tag: "EditComment",
        commentId,
        commandId,
        fingerprint: fingerprintOf("PATCH", commentId, text),
        actor: ana,
        precondition: null,
        text
      })
      assert.deepStrictEqual<unknown>(remove, {
        _tag: "DeleteComment",
        commentId,
        commandId,
        fingerprint: fingerprintOf("DELETE", commentId, ""),
        actor: ana,
        precondition: null
      })
    }).pipe(Effect.provide(SecureRandom.layerWebCrypto)))

  it.effect("is the same for a moderator's scope and for another condition", () =>
    Effect.gen(function*() {
      const first = yield* identifyDelete({ ...keyed, actor: mo }, commentId)
      const again = yield* identifyDelete({
        actor: { ...mo, moderator: false },
        idempotencyKey: "a-key",
        precondition: anyVersion
      }, commentId)
      assert.deepStrictEqual([again.commandId, again.fingerprint], [first.commandId, first.fingerprint])
    }).pipe(Effect.provide(SecureRandom.layerWebCrypto)))
})

describe("A command without a key", () => {
  it.effect("is like no other: its ids are fresh, and nothing tells its payload", () =>
    Effect.gen(function*() {
      const commands = yield* Effect.forEach([1, 2], () =>
        Effect.all([
          identifyPost(keyless, pictureId, text),
          identifyEdit(keyless, commentId, text),
          identifyDelete(keyless, commentId)
        ]))
      const ids = commands.flat().map(({ commandId }) => commandId)
      assert.strictEqual(new Set(ids).size, 6)
      for (const id of ids) assert.match(id, uuidV7)
      for (const { fingerprint, precondition } of commands.flat()) {
        assert.isNull(fingerprint)
        assert.deepStrictEqual(precondition, anyVersion)
      }
    }).pipe(Effect.provide(SecureRandom.layerWebCrypto)))
})
