import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result } from "effect"
import { AuthorId, CommentId, PictureId, Timestamp } from "../../src/domain/ids.ts"
import { CommentList } from "../../src/queries/CommentList.ts"
import type { PageOrder } from "../../src/queries/CommentList.ts"
import { decodeCursor, encodeCursor } from "../../src/queries/Cursor.ts"
import {
  authorId,
  commentId,
  elementOf,
  integer,
  oneOf,
  pictureId,
  timestamp,
  typedText
} from "../support/arbitraries.ts"

const list = oneOf<CommentList>(
  Arbitrary.map(pictureId, (picture) => CommentList.OfPicture({ picture })),
  Arbitrary.map(authorId, (author) => CommentList.OfAuthor({ author }))
)
const order = elementOf<PageOrder>("newest", "oldest")
const position = Arbitrary.all({ createdAt: timestamp, id: commentId })

const someList = CommentList.OfPicture({ picture: PictureId.make("sunset-42") })
const somePosition = {
  createdAt: Timestamp.make(1_700_000_000_000),
  id: CommentId.make("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b")
}
const some = encodeCursor(someList, "newest", somePosition)

const reasonOf = (cursor: string, list: CommentList = someList, order: PageOrder = "newest") =>
  Result.match(decodeCursor(list, order, cursor), { onFailure: ({ reason }) => reason, onSuccess: () => "accepted" })

describe("Cursor", () => {
  it.effect.prop(
    "leads back to the position that it was made for",
    [list, order, position],
    ([list, order, position]) =>
      Effect.sync(() => {
        const cursor = encodeCursor(list, order, position)
        assert.match(cursor, /^[A-Za-z0-9_-]{44}$/)
        assert.deepStrictEqual(decodeCursor(list, order, cursor), Result.succeed(position))
      })
  )

  it.effect.prop(
    "has one form only: whatever is accepted is what would be given out",
    [
      integer(0, 43),
      elementOf("A", "Z", "z", "0", "9", "-", "_", "+", "/", "=", ".", " ", "é"),
      elementOf("replaced", "inserted", "removed", "appended")
    ],
    ([at, character, change]) =>
      Effect.sync(() => {
        const after = some.slice(change === "inserted" ? at : at + 1)
        const changed = change === "appended"
          ? some + character
          : some.slice(0, at) + (change === "removed" ? "" : character) + after
        const decoded = decodeCursor(someList, "newest", changed)
        if (Result.isSuccess(decoded)) assert.strictEqual(encodeCursor(someList, "newest", decoded.success), changed)
        else assert.notStrictEqual(changed, some)
      })
  )

  it.effect.prop(
    "refuses whatever else somebody sends",
    [typedText],
    ([text]) => Effect.sync(() => assert.strictEqual(reasonOf(text), "malformed"))
  )

  it("is bound to its list", () => {
    const other = CommentList.OfPicture({ picture: PictureId.make("sunset-43") })
    const author = CommentList.OfAuthor({ author: AuthorId.make("sunset-42") })
    assert.strictEqual(reasonOf(some, other), "of another list or order")
    assert.strictEqual(reasonOf(some, author), "of another list or order")
  })

  it("is bound to its order", () => assert.strictEqual(reasonOf(some, someList, "oldest"), "of another list or order"))

  it("refuses another format, and a time that no comment can have", () => {
    const changed = (change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(some, "base64url")
      change(bytes)
      return bytes.toString("base64url")
    }
    assert.strictEqual(reasonOf(changed((bytes) => bytes.writeUInt8(2, 0))), "malformed")
    assert.strictEqual(reasonOf(changed((bytes) => bytes.writeBigInt64BE(253_402_300_800_000n, 9))), "malformed")
    assert.strictEqual(reasonOf(changed((bytes) => bytes.writeBigInt64BE(-62_167_219_200_001n, 9))), "malformed")
  })

  it("comes back as it was written down once, so that cursors outlive a release", () => {
    assert.strictEqual(some, "AUwPKO0sScE_AAABi8_laAABmajwHC1-P4pLXG1-j5oL")
  })
})
