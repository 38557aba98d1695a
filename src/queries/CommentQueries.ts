import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { AuthorId, CommentId, PictureId } from "../domain/ids.ts"
import { CommentGone, CommentNotFound } from "../domain/Rejection.ts"
import { commentAnswer, historyAnswer, pageAnswer, pictureCountAnswer, pictureCountsAnswer } from "./answers.ts"
import { CommentList } from "./CommentList.ts"
import type { PageOrder } from "./CommentList.ts"
import type { InvalidCursor, PagePosition } from "./Cursor.ts"
import { decodeCursor } from "./Cursor.ts"
import { countKey, pageKey } from "./entryKeys.ts"
import { makeFlights } from "./Flights.ts"
import type { CachedAnswer, EntryKey } from "./QueryCache.ts"
import { QueryCache } from "./QueryCache.ts"
import type { ReadModelUnavailable } from "./ReadModel.ts"
import { FoundComment, ReadModel } from "./ReadModel.ts"

/** Which page is asked for. */
export interface PageQuery {
  readonly order: PageOrder
  /** From 1 to 100. */
  readonly limit: number
  /** `nextCursor` of the page before, as it came with the request. */
  readonly cursor: string | undefined
}

/** What is asked about a picture; `fresh` after a wait for its latest change: then it is read from the read model itself. */
export interface PicturePageQuery extends PageQuery {
  readonly picture: PictureId
  readonly fresh: boolean
}

/** A page of what somebody wrote. It is always read from the read model. */
export interface AuthorPageQuery extends PageQuery {
  readonly author: AuthorId
}

/** A comment's history, and whose comment it is. */
export interface HistoryAnswer {
  readonly authorId: AuthorId
  readonly answer: CachedAnswer
}

const beginning = Result.succeed(undefined)

/** Where the page begins that a cursor leads to. */
const positionOf = (list: CommentList, { cursor, order }: PageQuery) =>
  cursor === undefined ? beginning : decodeCursor(list, order, cursor)

const make = Effect.gen(function*() {
  const readModel = yield* ReadModel
  const cache = yield* QueryCache
  const flights = yield* makeFlights<CachedAnswer, ReadModelUnavailable>()

  const readPage = (list: CommentList, { limit, order }: PageQuery, after: PagePosition | undefined) =>
    Effect.map(readModel.page({ list, order, limit, after }), (slice) => pageAnswer(list, order, slice))

  const readCount = (picture: PictureId) =>
    Effect.map(
      readModel.counts([picture]),
      ([counted]) => pictureCountAnswer(counted ?? { pictureId: picture, count: 0 })
    )

  // Cache-aside. Misses under one generation share a flight: all of them missed after it was minted and before it was
  // lost, so what any of them reads is as good for the others. A cache that is down costs the sharing, nothing else.
  const throughCache = (picture: PictureId, key: EntryKey, read: () => ReturnType<typeof readPage>) =>
    Effect.matchEffect(cache.read(picture, key), {
      onFailure: read,
      onSuccess: (lookup) =>
        lookup._tag === "Hit"
          ? Effect.succeed(lookup.answer)
          : flights.join(
            `${picture} ${lookup.generation} ${key}`,
            Effect.suspend(read),
            (answer) => Effect.ignore(cache.put(picture, lookup.generation, key, answer))
          )
    })

  // The hottest path: a hit costs little more than the look-up.
  const picturePage = (query: PicturePageQuery): Effect.Effect<CachedAnswer, InvalidCursor | ReadModelUnavailable> => {
    const { cursor, fresh, limit, order, picture } = query
    const list: CommentList = { _tag: "OfPicture", picture }
    const position = positionOf(list, query)
    if (Result.isFailure(position)) return Effect.fail(position.failure)
    const read = () => readPage(list, query, position.success)
    return fresh ? Effect.suspend(read) : throughCache(picture, pageKey(order, limit, cursor), read)
  }

  const authorPage = Effect.fn("CommentQueries.authorPage")(function*(query: AuthorPageQuery) {
    const list = CommentList.OfAuthor({ author: query.author })
    return yield* readPage(list, query, yield* Effect.fromResult(positionOf(list, query)))
  })

  const comment = Effect.fn("CommentQueries.comment")(function*(id: CommentId) {
    const found = yield* readModel.comment(id)
    return yield* FoundComment.$match(found, {
      NeverExisted: () => Effect.fail(new CommentNotFound({ commentId: id })),
      Deleted: ({ authorId, pictureId, version }) =>
        Effect.fail(new CommentGone({ standing: { commentId: id, version, pictureId, authorId } })),
      Visible: ({ comment }) => Effect.succeed(commentAnswer(comment))
    })
  })

  const history = Effect.fn("CommentQueries.history")(function*(id: CommentId) {
    const found = yield* readModel.history(id)
    if (found === undefined) return yield* new CommentNotFound({ commentId: id })
    return { authorId: found.authorId, answer: historyAnswer(found) }
  })

  const pictureCount = (picture: PictureId, options: { readonly fresh: boolean }) => {
    const read = () => readCount(picture)
    return options.fresh ? Effect.suspend(read) : throughCache(picture, countKey, read)
  }

  const pictureCounts = Effect.fn("CommentQueries.pictureCounts")(function*(pictures: ReadonlyArray<PictureId>) {
    return pictureCountsAnswer(yield* readModel.counts(pictures))
  })

  return CommentQueries.of({
    picturePage,
    authorPage,
    comment,
    history,
    pictureCount,
    pictureCounts,
    flights: Effect.sync(flights.size)
  })
})

/**
 * What the query service answers with: bodies as the contract has them, in bytes, with their entity tags.
 *
 * A picture's pages and its count go through the cache; its tags are the same whether they come from there or from the
 * read model. The cache being down, slow or wrong about nothing but being late never fails a query.
 */
export class CommentQueries extends Context.Service<CommentQueries, {
  picturePage(query: PicturePageQuery): Effect.Effect<CachedAnswer, InvalidCursor | ReadModelUnavailable>
  authorPage(query: AuthorPageQuery): Effect.Effect<CachedAnswer, InvalidCursor | ReadModelUnavailable>
  comment(id: CommentId): Effect.Effect<CachedAnswer, CommentNotFound | CommentGone | ReadModelUnavailable>
  history(id: CommentId): Effect.Effect<HistoryAnswer, CommentNotFound | ReadModelUnavailable>
  pictureCount(
    picture: PictureId,
    options: { readonly fresh: boolean }
  ): Effect.Effect<CachedAnswer, ReadModelUnavailable>

  /** 1 to 50 pictures, in the order asked. Not cached: each is one look-up by its key. */
  pictureCounts(pictures: ReadonlyArray<PictureId>): Effect.Effect<CachedAnswer, ReadModelUnavailable>

  /** How many look-ups of pages and counts are under way, each for whoever wants it. */
  readonly flights: Effect.Effect<number>
}>()("marginalia/queries/CommentQueries") {
  static readonly layer: Layer.Layer<CommentQueries, never, ReadModel | QueryCache> = Layer.effect(this, make)
}
