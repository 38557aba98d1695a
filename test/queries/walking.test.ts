import { assert, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Schema } from "effect"
import { CommentPage } from "../../src/api/Comment.ts"
import { AuthorId, CommentId, PictureId } from "../../src/domain/ids.ts"
import { CommentQueries, type PageQuery } from "../../src/queries/CommentQueries.ts"
import * as MemoryQueryCache from "../../src/queries/MemoryQueryCache.ts"
import { QueryCache } from "../../src/queries/QueryCache.ts"
import { describeEngines } from "../engines/databases.ts"
import { elementOf, integer } from "../support/arbitraries.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"
import { deleteComment, editComment, postComment } from "../support/projectedComments.ts"

const start = 1_700_000_000_000
const decodePage = Schema.decodeSync(Schema.fromJsonString(Schema.toCodecJson(CommentPage)))
const decoder = new TextDecoder()

// Several comments share a millisecond, and their ids are in another order than they were posted in.
const place = Arbitrary.all({ offset: integer(0, 4), digit: integer(0, 15), which: integer(0, 9) })
const step = Arbitrary.all({ kind: elementOf("turn", "post", "post", "delete", "edit", "look"), place })
const walk = Arbitrary.all({
  before: Arbitrary.array(place, { maxLength: 8 }),
  steps: Arbitrary.array(step, { maxLength: 16 }),
  limit: integer(1, 4),
  order: elementOf("newest", "oldest"),
  list: elementOf("picture", "author")
})

interface Posted {
  readonly id: CommentId
  readonly at: number
  deleted: boolean
}

let posted = 0
let walks = 0

/** A list of its own, what is in it, and what others do to it: each change reaches the cache as the projector sees to. */
const makeList = (kind: "picture" | "author") => {
  const name = `walked-${walks++}`
  const picture = PictureId.make(name)
  const author = AuthorId.make(kind === "author" ? name : "ana")
  const comments: Array<Posted> = []
  const invalidate = QueryCache.use((cache) => cache.invalidate([picture]))
  const visible = () => comments.filter(({ deleted }) => !deleted)
  return {
    visible,
    post: ({ digit, offset }: { readonly digit: number; readonly offset: number }) => {
      const id = CommentId.make(
        `${digit.toString(16)}${(posted++).toString(16).padStart(7, "0")}-0000-7000-8000-000000000000`
      )
      const at = start + offset
      comments.push({ id, at, deleted: false })
      return Effect.andThen(postComment({ id, picture, author, text: name, at }), invalidate)
    },
    delete: (which: number) => {
      const comment = visible()[which]
      if (comment === undefined) return Effect.void
      comment.deleted = true
      return Effect.andThen(deleteComment(comment.id, start + 1000), invalidate)
    },
    edit: (which: number) => {
      const comment = visible()[which]
      if (comment === undefined) return Effect.void
      return Effect.andThen(editComment(comment.id, "edited", start + 1000), invalidate)
    },
    read: (query: PageQuery, fresh = false) =>
      CommentQueries.use((queries) =>
        kind === "picture"
          ? queries.picturePage({ ...query, picture, fresh })
          : queries.authorPage({ ...query, author })
      )
  }
}

const inOrder = (order: "newest" | "oldest", comments: ReadonlyArray<Posted>) => {
  const oldestFirst = comments.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
  return (order === "oldest" ? oldestFirst : oldestFirst.toReversed()).map(({ id }) => id)
}

describeEngines("Walking a list page by page", (engine) => {
  const layer = CommentQueries.layer.pipe(
    Layer.provideMerge(Layer.merge(MemoryQueryCache.layer(), migratedReadModel(engine)))
  )

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect.prop(
      "shows every comment that is there during the whole walk exactly once, whatever others do meanwhile",
      [walk],
      ([{ before, limit, list: kind, order, steps }]) =>
        Effect.gen(function*() {
          const list = makeList(kind)
          for (const place of before) yield* list.post(place)
          const there = list.visible()
          const shown: Array<CommentId> = []
          const walker: { cursor: string | undefined; ended: boolean } = { cursor: undefined, ended: false }

          const turn = Effect.gen(function*() {
            const query = { order, limit, cursor: walker.cursor }
            const answer = yield* list.read(query)
            assert.deepStrictEqual(answer, yield* list.read(query, true), "the cache's answer is the read model's")
            const page = decodePage(decoder.decode(answer.body))
            assert.strictEqual(page.count, list.visible().length)
            assert.strictEqual(page.nextCursor, answer.nextCursor)
            assert.isAtMost(page.items.length, limit)
            for (const { id } of page.items) shown.push(id)
            assert.isAtMost(shown.length, before.length + steps.length, "the walk ends")
            walker.cursor = page.nextCursor ?? undefined
            walker.ended = page.nextCursor === null
          })

          for (const { kind, place } of steps) {
            if (kind === "turn" && !walker.ended) yield* turn
            else if (kind === "post") yield* list.post(place)
            else if (kind === "delete") yield* list.delete(place.which)
            else if (kind === "edit") yield* list.edit(place.which)
            // Somebody else's look leaves the page in the cache, for the walk to meet it there.
            else yield* list.read({ order, limit, cursor: walker.cursor })
          }
          while (!walker.ended) yield* turn

          assert.strictEqual(new Set(shown).size, shown.length, "nothing is shown twice")
          const stayed = inOrder(order, there.filter(({ deleted }) => !deleted))
          assert.deepStrictEqual(shown.filter((id) => stayed.includes(id)), stayed)
        }),
      { arbitrary: { runs: 40 }, timeout: 120_000 }
    )
  })
})
