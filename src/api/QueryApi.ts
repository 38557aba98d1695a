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
  ServiceUnavailable
} from "./Problems.ts"
import { Parameters } from "./RequestRules.ts"

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
  order: Schema.optionalKey(Schema.Literals(["newest", "oldest"])),
  limit: Schema.optionalKey(PageLimit),
  cursor: Schema.optionalKey(
    Schema.String.annotate({ description: "`nextCursor` of the page before, in the same order." })
  )
}

const queryHeaders = {
  "consistency-token": Schema.optionalKey(
    Schema.String.annotate({
      description:
        "Up to 16 tokens from commands' answers, separated by commas: the answer reflects at least those commands."
    })
  ),
  "if-none-match": Schema.optionalKey(Schema.String),
  prefer: Schema.optionalKey(
    Schema.String.annotate({
      description: "`wait=<seconds>` (0 to 10): how long to wait for what the tokens ask for; 2 unless said (RFC 7240)."
    })
  )
}

const answered = { etag: Schema.String, "cache-control": Schema.String }
const paged = { ...answered, link: Schema.optionalKey(Schema.String) }

const failures = [MalformedRequest, InternalError, ServiceUnavailable, ReadModelBehind, ProjectionParked] as const

/** Everything that reads comments. */
export class QueryGroup extends HttpApiGroup.make("queries")
  .add(
    HttpApiEndpoint.get("picturePage", "/pictures/:pictureId/comments", {
      params: { pictureId: PictureId },
      query: pageQuery,
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(CommentPage, paged),
      error: failures
    }).annotate(OpenApi.Summary, "A picture's comments, page by page"),
    HttpApiEndpoint.get("pictureCount", "/pictures/:pictureId/comments/count", {
      params: { pictureId: PictureId },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(PictureCount, answered),
      error: failures
    }).annotate(OpenApi.Summary, "How many comments a picture has"),
    HttpApiEndpoint.get("pictureCounts", "/comment-counts", {
      query: {
        pictureId: Schema.Array(PictureId).check(
          Schema.isMinLength(1, { message: "at least one picture" }),
          Schema.isMaxLength(maxPicturesCounted, { message: `at most ${maxPicturesCounted} pictures` })
        )
      },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(PictureCounts, answered),
      error: failures
    }).annotate(OpenApi.Summary, "How many comments some pictures have"),
    HttpApiEndpoint.get("authorPage", "/users/:userId/comments", {
      params: { userId: AuthorId },
      query: pageQuery,
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(CommentPage, paged),
      error: failures
    }).annotate(OpenApi.Summary, "A user's comments, page by page"),
    HttpApiEndpoint.get("comment", "/comments/:commentId", {
      params: { commentId: CommentIdInPath },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(Comment, answered),
      error: [...failures, CommentNotFound, CommentDeleted]
    }).annotate(OpenApi.Summary, "One comment"),
    HttpApiEndpoint.get("history", "/comments/:commentId/history", {
      params: { commentId: CommentIdInPath },
      headers: queryHeaders,
      success: HttpApiSchema.WithHeaders(CommentHistory, answered),
      error: [...failures, CommentNotFound, NotTheAuthor]
    })
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "What happened to a comment, for its author and moderators")
  )
  .middleware(Parameters)
  .annotate(HttpApi.QueryParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(OpenApi.Description, "Everything that reads comments. Only history needs a bearer token.")
{}

/** The query service's contract. */
export class QueryApi extends HttpApi.make("marginalia-queries").add(QueryGroup) {}
