import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { AuthorId, CommentId, PictureId, Timestamp, Version } from "../../src/domain/ids.ts"
import { CommentList, type PageOrder } from "../../src/queries/CommentList.ts"
import { FoundComment, ReadModel } from "../../src/queries/ReadModel.ts"
import { stream } from "../support/encodedCommits.ts"
import { deleteComment, editComment, parkStream, postComment } from "../support/projectedComments.ts"
import type { ReadModelIt } from "./projectionSteps.ts"

const ana = AuthorId.make("ana")
const bruno = AuthorId.make("bruno")
const start = 1_700_000_000_000

const post = (number: number, picture: PictureId, options?: { readonly author?: AuthorId; readonly at?: number }) =>
  postComment({
    id: stream(number),
    picture,
    author: options?.author ?? ana,
    text: `comment ${number}`,
    at: options?.at ?? start + number
  })

const numbersOf = (comments: ReadonlyArray<{ readonly id: string }>) =>
  comments.map(({ id }) => Number.parseInt(id.slice(-12), 16))

/** What the read model answers. */
export const readModelQueries = (it: ReadModelIt): void => {
  const pageOf = (list: CommentList, order: PageOrder, limit: number, after?: { at: number; number: number }) =>
    ReadModel.use((readModel) =>
      readModel.page({
        list,
        order,
        limit,
        after: after && { createdAt: Timestamp.make(after.at), id: stream(after.number) }
      })
    )

  it.effect("reads a page of a picture in either order, with the count of all its comments", () =>
    Effect.gen(function*() {
      const picture = PictureId.make("in-order")
      const list = CommentList.OfPicture({ picture })
      for (const number of [101, 102, 103]) yield* post(number, picture)
      yield* post(104, PictureId.make("another"))
      const newest = yield* pageOf(list, "newest", 2)
      assert.deepStrictEqual(numbersOf(newest.comments), [103, 102])
      assert.deepStrictEqual({ more: newest.more, count: newest.count }, { more: true, count: 3 })
      const oldest = yield* pageOf(list, "oldest", 3)
      assert.deepStrictEqual(numbersOf(oldest.comments), [101, 102, 103])
      assert.deepStrictEqual({ more: oldest.more, count: oldest.count }, { more: false, count: 3 })
    }))

  it.effect("goes on after a position, whether or not its comment is still there", () =>
    Effect.gen(function*() {
      const picture = PictureId.make("going-on")
      const list = CommentList.OfPicture({ picture })
      for (const number of [111, 112, 113, 114]) yield* post(number, picture)
      yield* deleteComment(stream(112), start + 1000)
      const onwards = yield* pageOf(list, "oldest", 2, { at: start + 112, number: 112 })
      assert.deepStrictEqual(numbersOf(onwards.comments), [113, 114])
      const backwards = yield* pageOf(list, "newest", 2, { at: start + 113, number: 113 })
      assert.deepStrictEqual(numbersOf(backwards.comments), [111])
      assert.isFalse(backwards.more)
    }))

  it.effect("orders comments of the same millisecond by their ids", () =>
    Effect.gen(function*() {
      const picture = PictureId.make("same-millisecond")
      const list = CommentList.OfPicture({ picture })
      for (const number of [123, 121, 122]) yield* post(number, picture, { at: start })
      const oldest = yield* pageOf(list, "oldest", 2)
      assert.deepStrictEqual(numbersOf(oldest.comments), [121, 122])
      const rest = yield* pageOf(list, "oldest", 2, { at: start, number: 122 })
      assert.deepStrictEqual(numbersOf(rest.comments), [123])
    }))

  it.effect("gives an empty page to a picture without comments, and one whose comments were all deleted", () =>
    Effect.gen(function*() {
      const empty = { comments: [], more: false, count: 0 }
      const bare = CommentList.OfPicture({ picture: PictureId.make("bare") })
      assert.deepStrictEqual(yield* pageOf(bare, "newest", 20), empty)
      const picture = PictureId.make("emptied")
      yield* post(131, picture)
      yield* deleteComment(stream(131), start + 1000)
      assert.deepStrictEqual(yield* pageOf(CommentList.OfPicture({ picture }), "oldest", 20), empty)
    }))

  it.effect("tells the count also on a page beyond the last comment", () =>
    Effect.gen(function*() {
      const picture = PictureId.make("beyond")
      yield* post(141, picture)
      const beyond = yield* pageOf(CommentList.OfPicture({ picture }), "oldest", 20, { at: start + 141, number: 141 })
      assert.deepStrictEqual(beyond, { comments: [], more: false, count: 1 })
    }))

  it.effect("reads a page of what an author wrote, on whatever picture", () =>
    Effect.gen(function*() {
      const author = AuthorId.make("Zoë 🦉 \"\\")
      yield* post(151, PictureId.make("first"), { author })
      yield* post(152, PictureId.make("second"), { author })
      yield* post(153, PictureId.make("second"), { author: bruno })
      const page = yield* pageOf(CommentList.OfAuthor({ author }), "newest", 20)
      assert.deepStrictEqual(numbersOf(page.comments), [152, 151])
      assert.strictEqual(page.count, 2)
    }))

  it.effect("tells a visible comment from a deleted one and one that never existed", () =>
    Effect.gen(function*() {
      const readModel = yield* ReadModel
      const picture = PictureId.make("fates")
      yield* post(161, picture)
      yield* editComment(stream(161), "夕焼け \\ \"'; -- \n\t", start + 5_123)
      yield* post(162, picture)
      yield* deleteComment(stream(162), start + 1000)
      const visible = yield* readModel.comment(stream(161))
      assert.strictEqual(
        JSON.stringify(visible._tag === "Visible" ? visible.comment : visible),
        JSON.stringify({
          id: stream(161),
          pictureId: "fates",
          authorId: "ana",
          text: "夕焼け \\ \"'; -- \n\t",
          version: 2,
          createdAt: "2023-11-14T22:13:20.161Z",
          editedAt: "2023-11-14T22:13:25.123Z"
        })
      )
      const deleted = yield* readModel.comment(stream(162))
      assert.deepStrictEqual(
        deleted,
        FoundComment.Deleted({ version: Version.make(2), pictureId: picture, authorId: ana })
      )
      assert.deepStrictEqual(yield* readModel.comment(stream(163)), FoundComment.NeverExisted())
    }))

  it.effect("tells all that happened to a comment, oldest first, also to a deleted one", () =>
    Effect.gen(function*() {
      const readModel = yield* ReadModel
      yield* post(171, PictureId.make("eventful"), { author: bruno })
      yield* editComment(stream(171), "better", start + 2000)
      yield* deleteComment(stream(171), start + 3000)
      const history = yield* readModel.history(stream(171))
      assert.strictEqual(history?.authorId, bruno)
      assert.deepStrictEqual(
        history?.entries.map(({ at, text, type, version }) => [version, type, at.getTime(), text]),
        [
          [1, "CommentPosted", start + 171, "comment 171"],
          [2, "CommentEdited", start + 2000, "better"],
          [3, "CommentDeleted", start + 3000, null]
        ]
      )
      assert.isUndefined(yield* readModel.history(stream(172)))
    }))

  it.effect("counts pictures in the order asked, each as often as asked", () =>
    Effect.gen(function*() {
      const readModel = yield* ReadModel
      const [one, two, none] = [PictureId.make("one"), PictureId.make("two"), PictureId.make("none")]
      yield* post(181, one)
      yield* post(182, two)
      yield* post(183, two)
      assert.deepStrictEqual(yield* readModel.counts([two, none, one, two]), [
        { pictureId: two, count: 2 },
        { pictureId: none, count: 0 },
        { pictureId: one, count: 1 },
        { pictureId: two, count: 2 }
      ])
      assert.deepStrictEqual(yield* readModel.counts([none]), [{ pictureId: none, count: 0 }])
    }))

  it.effect("tells how far streams have come and which are parked", () =>
    Effect.gen(function*() {
      const readModel = yield* ReadModel
      yield* post(191, PictureId.make("positions"))
      yield* post(192, PictureId.make("positions"))
      yield* parkStream(stream(192))
      yield* parkStream(stream(193))
      const positions = yield* readModel.positions([stream(191), stream(192), stream(193), stream(194)])
      assert.sameDeepMembers([...positions], [
        { stream: stream(191), version: 1, parked: false },
        { stream: stream(192), version: 1, parked: true },
        { stream: stream(193), version: 0, parked: true }
      ])
      assert.deepStrictEqual(yield* readModel.positions([]), [])
    }))

  it.effect("takes any id that a UUID can have", () =>
    Effect.gen(function*() {
      const readModel = yield* ReadModel
      for (const id of ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]) {
        assert.deepStrictEqual(yield* readModel.comment(CommentId.make(id)), FoundComment.NeverExisted())
      }
    }))
}
