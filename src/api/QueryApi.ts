import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { AuthorId, PictureId } from "../domain/ids.ts"
import { Authentication } from "./Authentication.ts"
import { CommentIdInPath } from "./CommandApi.ts"
import { Comment, CommentHistory, CommentPage, PictureCount, PictureCounts } from "./Comment.ts"
import {
  CommentDeleted,
  CommentNotFound,
  InternalError,
  MalformedRequest,
  NotTheAuthor,
  ProjectionParked,
  ReadModelBehind,
  ServiceUnavailable,
  TooManyRequests
} from "./Problems.ts"
import { CountedQuery, Parameters } from "./RequestRules.ts"

/** How many comments a page has unless `limit` says otherwise. */
export const defaultPageLimit = 20

/** How many pictures one request may count. */
export const maxPicturesCounted = 50

// Written as people write numbers: no sign, no leading zero, no exponent.
const PageLimit = Schema.String.check(
  Schema.isPattern(/^(?:[1-9]\d?|100)$/u, { message: "a whole number from 1 to 100" })
).annotate({ description: `How many comments: 1 to 100, ${defaultPageLimit} unless said.` }).pipe(
  Schema.decodeTo(Schema.Finite, SchemaTransformation.numberFromString)
)

const pageQuery = {
  order: Schema.optionalKey(
    Schema.Literals(["newest", "oldest"]).annotate({ description: "Which comments come first; `newest` unless said." })
  ),
  limit: Schema.optionalKey(PageLimit),
  cursor: Schema.optionalKey(
    Schema.String.annotate({
      description: "`nextCursor` of the page before, of the same list in the same order. Any other is 400."
    })
  )
}

const queryHeaders = {
  "consistency-token": Schema.optionalKey(
    Schema.String.annotate({
      description:
        "Up to 16 tokens from commands' answers, separated by commas: the answer reflects at least those of the commands that concern it."
    })
  ),
  "if-none-match": Schema.optionalKey(
    Schema.String.annotate({
      description:
        "Entity tags of answers that the client has, or `*`: 304 if this is one of them (RFC 9110, section 13.1.2). What isn't a list of entity tags is ignored."
    })
  ),
  prefer: Schema.optionalKey(
    Schema.String.annotate({
      description:
        "`wait=<seconds>` (0 to 10): how long to wait for what the tokens ask for; 2 unless said (RFC 7240). A preference that isn't known or is malformed is ignored."
    })
  )
}

const answered = { etag: Schema.String, "cache-control": Schema.Literal("no-cache") }
const paged = { ...answered, link: Schema.optionalKey(Schema.String) }

const failures = [
  MalformedRequest,
  TooManyRequests,
  InternalError,
  ServiceUnavailable,
  ReadModelBehind,
  ProjectionParked
] as const

const aboutPages =
  "Ordered by the time of posting, then by id. While others post and delete, walking `nextCursor` to its end shows every comment that was there all the while exactly once. A list of nothing is an empty page."

/** Everything that reads comments. */
export class QueryGroup extends HttpApiGroup.make("queries")
  .add(
    HttpApiEndpoint.get("picturePage", "/pictures/:pictureId/comments", {
      params: { pictureId: PictureId },
      query: pageQuery,
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(CommentPage, paged),
      error: failures
    }).annotate(OpenApi.Summary, "A picture's comments, page by page")
      .annotate(OpenApi.Description, aboutPages),
    HttpApiEndpoint.get("pictureCount", "/pictures/:pictureId/comments/count", {
      params: { pictureId: PictureId },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(PictureCount, answered),
      error: failures
    }).annotate(OpenApi.Summary, "How many comments a picture has")
      .annotate(OpenApi.Description, "A picture that nobody has commented on has none."),
    HttpApiEndpoint.get("pictureCounts", "/comment-counts", {
      query: {
        pictureId: Schema.Array(PictureId).check(
          Schema.isMinLength(1, { message: "at least one picture" }),
          Schema.isMaxLength(maxPicturesCounted, { message: `at most ${maxPicturesCounted} pictures` })
        ).annotate({ description: "The pictures, each as a parameter of its own: 1 to 50." })
      },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(PictureCounts, answered),
      error: failures
    }).annotate(OpenApi.Summary, "How many comments some pictures have")
      .annotate(OpenApi.Description, "In the order asked, and as often as asked."),
    HttpApiEndpoint.get("authorPage", "/users/:userId/comments", {
      params: { userId: AuthorId },
      query: pageQuery,
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(CommentPage, paged),
      error: failures
    }).annotate(OpenApi.Summary, "A user's comments, page by page")
      .annotate(OpenApi.Description, aboutPages),
    HttpApiEndpoint.get("comment", "/comments/:commentId", {
      params: { commentId: CommentIdInPath },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(Comment, answered),
      error: [...failures, CommentNotFound, CommentDeleted]
    }).annotate(OpenApi.Summary, "One comment")
      .annotate(OpenApi.Description, "One that has been deleted is 410, one that never existed 404."),
    HttpApiEndpoint.get("history", "/comments/:commentId/history", {
      params: { commentId: CommentIdInPath },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(CommentHistory, { ...answered, "cache-control": Schema.Literal("no-store") }),
      error: [...failures, CommentNotFound, NotTheAuthor]
    })
      // Who asks is looked at before what is asked, as for commands.
      .middleware(Parameters)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "What happened to a comment, for its author and moderators")
      .annotate(
        OpenApi.Description,
        "A deleted comment's, too. Any valid token of its author will do, and any other with the scope `comments:moderate`."
      )
  )
  .middleware(Parameters)
  .middleware(CountedQuery)
  .annotate(HttpApi.QueryParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(OpenApi.Description, "Everything that reads comments. Only history needs a bearer token.")
{}

/** The query service's contract. */
export class QueryApi extends HttpApi.make("marginalia-queries").add(QueryGroup) {}
