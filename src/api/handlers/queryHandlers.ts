import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type { AuthorId, CommentId, PictureId } from "../../domain/ids.ts"
import { mayReadHistory } from "../../domain/permission.ts"
import { CommentQueries } from "../../queries/CommentQueries.ts"
import type { InvalidCursor } from "../../queries/Cursor.ts"
import { PositionWaiter } from "../../queries/PositionWaiter.ts"
import type { CachedAnswer } from "../../queries/QueryCache.ts"
import type { ReadModelUnavailable } from "../../queries/ReadModel.ts"
import { actorOf, CurrentCaller } from "../Authentication.ts"
import type { ConsistencyToken } from "../ConsistencyToken.ts"
import { concernsAuthor, concernsPicture } from "../ConsistencyToken.ts"
import { CommentDeleted, CommentNotFound, MalformedRequest, NotTheAuthor, ServiceUnavailable } from "../Problems.ts"
import { defaultPageLimit, QueryApi } from "../QueryApi.ts"
import { awaitFreshness } from "./consistency.ts"
import { makeHistoryCost } from "./historyCost.ts"
import { answerWith, linkToNext } from "./queryAnswers.ts"
import { problem, unavailable } from "./respond.ts"

const ofPicture = (picture: PictureId) => (token: ConsistencyToken) => concernsPicture(token, picture)
const ofAuthor = (author: AuthorId) => (token: ConsistencyToken) => concernsAuthor(token, author)
const ofComment = (comment: CommentId) => (token: ConsistencyToken) => token.stream === comment

const invalidCursor = problem(
  new MalformedRequest({
    detail: "A parameter or header isn't as it should be.",
    errors: [{ pointer: "cursor", detail: "must be nextCursor of a page of the same list in the same order" }]
  })
)

const commentNotFound = problem(
  new CommentNotFound({ detail: "No comment has this id, or none that can be seen yet." })
)

const tooManyHistories = problem(
  new ServiceUnavailable({ detail: "As many histories as may be are being read for you already." }),
  { "retry-after": "1" }
)

const readModelDown = (error: ReadModelUnavailable) =>
  Effect.andThen(Effect.logError("the read model can't be reached", error), unavailable)

const refused = (error: InvalidCursor | ReadModelUnavailable) =>
  error._tag === "InvalidCursor" ? invalidCursor : readModelDown(error)

const answerPage = (page: CachedAnswer, url: string, ifNoneMatch: string | undefined): HttpServerResponse =>
  answerWith(page, ifNoneMatch, page.nextCursor === null ? {} : { link: linkToNext(url, page.nextCursor) })

// What couldn't wait for its tokens arrives here as the answer that it is.
const respond = <R>(answer: Effect.Effect<HttpServerResponse, HttpServerResponse, R>) =>
  Effect.catch(answer, Effect.succeed)

/** The routes of the query service. Bodies go out as the queries made them, or as the cache kept them. */
export const queryHandlers = HttpApiBuilder.group(
  QueryApi,
  "queries",
  Effect.fnUntraced(function*(handlers) {
    const queries = yield* CommentQueries
    const waiter = yield* PositionWaiter
    const atItsCost = yield* makeHistoryCost

    return handlers
      .handleRaw(
        "picturePage",
        ({ headers, params: { pictureId: picture }, query, request }) =>
          respond(Effect.gen(function*() {
            const { cursor, limit = defaultPageLimit, order = "newest" } = query
            const fresh = yield* awaitFreshness(waiter, headers, ofPicture(picture))
            return yield* queries.picturePage({ picture, order, limit, cursor, fresh }).pipe(
              Effect.map((page) => answerPage(page, request.url, headers["if-none-match"])),
              Effect.catch(refused)
            )
          }))
      )
      .handleRaw(
        "authorPage",
        ({ headers, params: { userId: author }, query, request }) =>
          respond(Effect.gen(function*() {
            const { cursor, limit = defaultPageLimit, order = "newest" } = query
            yield* awaitFreshness(waiter, headers, ofAuthor(author))
            return yield* queries.authorPage({ author, order, limit, cursor }).pipe(
              Effect.map((page) => answerPage(page, request.url, headers["if-none-match"])),
              Effect.catch(refused)
            )
          }))
      )
      .handleRaw("pictureCount", ({ headers, params: { pictureId: picture } }) =>
        respond(Effect.gen(function*() {
          const fresh = yield* awaitFreshness(waiter, headers, ofPicture(picture))
          return yield* queries.pictureCount(picture, { fresh }).pipe(
            Effect.map((count) => answerWith(count, headers["if-none-match"])),
            Effect.catch(readModelDown)
          )
        })))
      .handleRaw("pictureCounts", ({ headers, query: { pictureId: pictures } }) =>
        respond(Effect.gen(function*() {
          yield* awaitFreshness(waiter, headers, (token) => pictures.some((picture) => concernsPicture(token, picture)))
          return yield* queries.pictureCounts(pictures).pipe(
            Effect.map((counts) => answerWith(counts, headers["if-none-match"])),
            Effect.catch(readModelDown)
          )
        })))
      .handleRaw("comment", ({ headers, params: { commentId } }) =>
        respond(Effect.gen(function*() {
          yield* awaitFreshness(waiter, headers, ofComment(commentId))
          return yield* queries.comment(commentId).pipe(
            Effect.map((comment) => answerWith(comment, headers["if-none-match"])),
            Effect.catchTags({
              CommentNotFound: () => commentNotFound,
              CommentGone: () =>
                problem(new CommentDeleted({ detail: "It was there once, and its author or a moderator deleted it." })),
              ReadModelUnavailable: readModelDown
            })
          )
        })))
      .handleRaw("history", ({ headers, params: { commentId } }) =>
        respond(Effect.gen(function*() {
          const actor = actorOf(yield* CurrentCaller)
          yield* awaitFreshness(waiter, headers, ofComment(commentId))
          return yield* atItsCost(queries.history(commentId)).pipe(
            Effect.flatMap(({ answer, authorId }) =>
              mayReadHistory(actor, { authorId })
                ? Effect.succeed(answerWith(answer, headers["if-none-match"], { "cache-control": "no-store" }))
                : problem(new NotTheAuthor({ detail: "A comment's history is for its author and moderators." }))
            ),
            Effect.catchTags({
              CommentNotFound: () => commentNotFound,
              TooManyHistories: () => tooManyHistories,
              ReadModelUnavailable: readModelDown
            })
          )
        })))
  })
)
