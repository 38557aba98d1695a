import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { derivedCommandId, derivedCommentId, fingerprintOf } from "../../src/commands/derivedIds.ts"
import { AuthorId, CommentId, PictureId } from "../../src/domain/ids.ts"
import {
  authorId,
  commentId as anyCommentId,
  commentText,
  integer,
  pictureId as anyPictureId
} from "../support/arbitraries.ts"
import { commentId, pictureId } from "../support/given.ts"

const ana = AuthorId.make("ana")
const bruno = AuthorId.make("bruno")
const other = CommentId.make("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0c")

const key = Arbitrary.map(
  Arbitrary.array(integer(0x21, 0x7e), { minLength: 1, maxLength: 40 }),
  (codes) => String.fromCharCode(...codes)
)
const uuidV8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe("A derived id", () => {
  it.effect.prop(
    "is a UUIDv8 of the RFC's variant, the same each time",
    [authorId, anyCommentId, key],
    ([author, target, key]) =>
      Effect.sync(() => {
        const ids = () => [derivedCommentId(author, key), derivedCommandId(author, target, key)]
        for (const id of ids()) assert.match(id, uuidV8)
        assert.deepStrictEqual(ids(), ids())
      })
  )

  it("is the same for ever: a retry finds what an older server made of its key", () => {
    assert.strictEqual(derivedCommentId(ana, "8e03978e"), "1126ae5a-a668-80aa-97ea-8369f771daff")
    assert.strictEqual(derivedCommandId(ana, commentId, "8e03978e"), "7a2325f1-4466-824e-99f6-771ae6773643")
  })

  it("is another one for another author, key or target", () => {
    const ids = [
      derivedCommentId(ana, "k"),
      derivedCommentId(bruno, "k"),
      derivedCommentId(ana, "K"),
      derivedCommandId(ana, commentId, "k"),
      derivedCommandId(bruno, commentId, "k"),
      derivedCommandId(ana, other, "k"),
      derivedCommandId(ana, commentId, "K")
    ]
    assert.strictEqual(new Set<string>(ids).size, ids.length)
  })

  it("says where the author ends and the key begins", () => {
    assert.notStrictEqual(derivedCommentId(AuthorId.make("ab"), "c"), derivedCommentId(AuthorId.make("a"), "bc"))
    assert.notStrictEqual(derivedCommentId(AuthorId.make("é"), "c"), derivedCommentId(AuthorId.make("e"), "\u0301c"))
  })
})

describe("A fingerprint", () => {
  it.effect.prop(
    "is the same for the same payload, and short",
    [anyPictureId, commentText],
    ([target, text]) =>
      Effect.sync(() => {
        assert.match(fingerprintOf("POST", target, text), /^[A-Za-z0-9_-]{12}$/)
        assert.strictEqual(fingerprintOf("POST", target, text), fingerprintOf("POST", target, text))
      })
  )

  it("is the same for ever", () => {
    assert.strictEqual(fingerprintOf("POST", pictureId, "What a light!"), "2tdZa1f7mP0K")
    assert.strictEqual(fingerprintOf("DELETE", commentId, ""), "0W1xApy_0CC4")
  })

  it("is another one for another method, target or text", () => {
    const fingerprints = [
      fingerprintOf("POST", pictureId, "text"),
      fingerprintOf("POST", PictureId.make("sunset-43"), "text"),
      fingerprintOf("POST", pictureId, "Text"),
      fingerprintOf("POST", PictureId.make("sunset-4"), "2text"),
      fingerprintOf("PATCH", commentId, "text"),
      fingerprintOf("PATCH", commentId, ""),
      fingerprintOf("PATCH", other, "text"),
      fingerprintOf("DELETE", commentId, "")
    ]
    assert.strictEqual(new Set<string>(fingerprints).size, fingerprints.length)
  })
})
