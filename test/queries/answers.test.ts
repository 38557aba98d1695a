import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { Comment, CommentHistory, CommentPage, PictureCount, PictureCounts } from "../../src/api/Comment.ts"
import { AuthorId, CommentId, PictureId, Timestamp, Version } from "../../src/domain/ids.ts"
import {
  commentAnswer,
  historyAnswer,
  pageAnswer,
  pictureCountAnswer,
  pictureCountsAnswer
} from "../../src/queries/answers.ts"
import { CommentList } from "../../src/queries/CommentList.ts"
import { decodeCursor } from "../../src/queries/Cursor.ts"
import { etagOf } from "../../src/queries/etag.ts"
import { CommentView } from "../../src/queries/ReadModel.ts"
import {
  authorId,
  commentId,
  commentText,
  elementOf,
  oneOf,
  pictureId,
  timestamp,
  version
} from "../support/arbitraries.ts"

const decoder = new TextDecoder("utf-8", { fatal: true })
const textOf = ({ body }: { readonly body: Uint8Array }) => decoder.decode(body)

const instant = Arbitrary.map(timestamp, (millis) => new Date(millis))
const comment = Arbitrary.map(
  Arbitrary.all({
    id: commentId,
    pictureId,
    authorId,
    text: commentText,
    version,
    createdAt: instant,
    editedAt: oneOf<Date | null>(elementOf(null), instant)
  }),
  (fields) => CommentView.make(fields)
)

/** Whether a text is exactly what the contract's schema would have written. */
const assertWrittenAs = <S extends Schema.Codec<unknown, unknown>>(schema: S, text: string) => {
  const json = Schema.fromJsonString(Schema.toCodecJson(schema))
  assert.strictEqual(Schema.encodeSync(json)(Schema.decodeSync(json)(text)), text)
}

const view = CommentView.make({
  id: CommentId.make("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"),
  pictureId: PictureId.make("sunset-42"),
  authorId: AuthorId.make("ana"),
  text: "夕焼け \"\\\n</script>",
  version: Version.make(3),
  createdAt: new Date(Date.UTC(2026, 10, 23, 10, 0, 0, 7)),
  editedAt: new Date(Date.UTC(2026, 10, 23, 10, 5))
})
const list = CommentList.OfPicture({ picture: view.pictureId })
const written = String.raw`{"id":"0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b","pictureId":"sunset-42","authorId":"ana",` +
  String.raw`"text":"夕焼け \"\\\n</script>","version":3,` +
  String.raw`"createdAt":"2026-11-23T10:00:00.007Z","editedAt":"2026-11-23T10:05:00.000Z"}`

describe("The answers of queries", () => {
  it("write a comment as the contract does, tagged by its version", () => {
    const answer = commentAnswer(view)
    assert.strictEqual(textOf(answer), written)
    assert.strictEqual(answer.etag, `"3"`)
    assert.isNull(answer.nextCursor)
  })

  it("write a page with a cursor that leads on from its last comment, and tag its content", () => {
    const answer = pageAnswer(list, "newest", { comments: [view], more: true, count: 12 })
    assert.strictEqual(textOf(answer), `{"items":[${written}],"nextCursor":"${answer.nextCursor}","count":12}`)
    assert.deepStrictEqual(
      decodeCursor(list, "newest", answer.nextCursor ?? ""),
      Result.succeed({ createdAt: Timestamp.make(view.createdAt.getTime()), id: view.id })
    )
    assert.strictEqual(answer.etag, etagOf(answer.body))
  })

  it("write the last page without a cursor, and an empty one too", () => {
    const last = pageAnswer(list, "newest", { comments: [view], more: false, count: 12 })
    assert.strictEqual(textOf(last), `{"items":[${written}],"nextCursor":null,"count":12}`)
    assert.isNull(last.nextCursor)
    const empty = pageAnswer(list, "oldest", { comments: [], more: false, count: 0 })
    assert.strictEqual(textOf(empty), `{"items":[],"nextCursor":null,"count":0}`)
  })

  it("write a history with a text only where the event brought one", () => {
    const answer = historyAnswer({
      authorId: view.authorId,
      entries: [
        { version: Version.make(1), type: "CommentPosted", at: view.createdAt, text: "!" },
        { version: Version.make(2), type: "CommentDeleted", at: view.createdAt, text: null }
      ]
    })
    assert.strictEqual(
      textOf(answer),
      `{"items":[{"version":1,"type":"CommentPosted","at":"2026-11-23T10:00:00.007Z","text":"!"},` +
        `{"version":2,"type":"CommentDeleted","at":"2026-11-23T10:00:00.007Z"}]}`
    )
    assertWrittenAs(CommentHistory, textOf(answer))
  })

  it("write counts", () => {
    const one = { pictureId: PictureId.make("a"), count: 1 }
    const none = { pictureId: PictureId.make("b"), count: 0 }
    assert.strictEqual(textOf(pictureCountAnswer(one)), `{"pictureId":"a","count":1}`)
    assert.strictEqual(
      textOf(pictureCountsAnswer([none, one])),
      `{"items":[{"pictureId":"b","count":0},{"pictureId":"a","count":1}]}`
    )
    assertWrittenAs(PictureCount, textOf(pictureCountAnswer(one)))
    assertWrittenAs(PictureCounts, textOf(pictureCountsAnswer([none, one])))
  })

  it.effect.prop(
    "are byte for byte what the contract's schemas write",
    [Arbitrary.array(comment, { maxLength: 4 })],
    ([comments]) =>
      Effect.sync(() => {
        for (const one of comments) assertWrittenAs(Comment, textOf(commentAnswer(one)))
        assertWrittenAs(
          CommentPage,
          textOf(pageAnswer(list, "newest", { comments, more: true, count: comments.length }))
        )
      })
  )
})
