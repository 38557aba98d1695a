import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { CommentId, PictureId } from "../domain/ids.ts"
import { AcceptedAnswer, AcceptedCommandsGroup } from "./AsyncCommands.ts"
import { Authentication, moderateScope, ScopesNeeded, writeScope } from "./Authentication.ts"
import { Comment } from "./Comment.ts"
import {
  CommentDeleted,
  CommentNotFound,
  IdempotencyKeyReused,
  InternalError,
  InvalidRequest,
  MalformedRequest,
  NotTheAuthor,
  ServiceUnavailable,
  TooManyRequests,
  TooMuchContention,
  VersionMismatch
} from "./Problems.ts"
import { IgnoredBody, JsonBody, Parameters } from "./RequestRules.ts"

/** What somebody writes: the text of a comment, as typed. */
export const CommentDraft = Schema.Struct({
  text: Schema.String.annotate({
    description:
      "Plain text. CRLF becomes LF, then NFC, then white space goes from both ends; 1 to 2,200 graphemes and at most 10,000 bytes of UTF-8 remain, without control characters but newline and tab.",
    examples: ["What a light! Did you use a filter?"]
  })
}).annotate({ identifier: "CommentDraft", description: "What somebody writes." })

/** A comment's id in a path: any UUID; upper case is understood as lower case. */
export const CommentIdInPath = Schema.String.check(
  Schema.isPattern(/^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/u, { message: "a UUID" })
).annotate({ description: "The comment's id: any UUID, in upper or lower case." }).pipe(
  Schema.decodeTo(CommentId, SchemaTransformation.toLowerCase())
)

const commandHeaders = {
  "idempotency-key": Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,255}$/u, { message: "1 to 255 visible ASCII characters" }))
      .annotate({
        description:
          "Makes a retry safe: the same key with the same request gets the same answer (draft-ietf-httpapi-idempotency-key-header). A key belongs to its author and target."
      })
  ),
  "if-match": Schema.optionalKey(
    Schema.String.annotate({
      description:
        "Only if the comment is at one of these versions: entity tags as ETag had them, or `*` for any (RFC 9110, section 13.1.1). A weak tag never matches, and nothing matches a comment that isn't there yet."
    })
  ),
  prefer: Schema.optionalKey(
    Schema.String.annotate({
      description:
        "`respond-async`: answer with 202 once the command is stored, and decide it after that (RFC 7240). A preference that isn't known or is malformed is ignored."
    })
  )
}

const answered = {
  "cache-control": Schema.Literal("no-store"),
  "consistency-token": Schema.String,
  "idempotency-replayed": Schema.optionalKey(Schema.String)
}

const failures = [
  MalformedRequest,
  IdempotencyKeyReused,
  VersionMismatch,
  TooMuchContention,
  TooManyRequests,
  InternalError,
  ServiceUnavailable
] as const

/** Everything that changes comments. The body is looked at before parameters and headers, and both after the token. */
export class CommandGroup extends HttpApiGroup.make("commands")
  .add(
    HttpApiEndpoint.post("postComment", "/pictures/:pictureId/comments", {
      params: { pictureId: PictureId },
      headers: commandHeaders,
      payload: CommentDraft,
      success: [
        HttpApiSchema.WithHeaders(Comment.pipe(HttpApiSchema.status(201)), {
          ...answered,
          etag: Schema.String,
          location: Schema.String
        }),
        AcceptedAnswer
      ],
      error: [...failures, InvalidRequest]
    })
      .middleware(Parameters)
      .middleware(JsonBody)
      .annotate(ScopesNeeded, [writeScope])
      .annotate(OpenApi.Summary, "Post a comment on a picture")
      .annotate(
        OpenApi.Description,
        "The picture belongs to somebody else: any id of its form will do. The caller becomes the comment's author."
      ),
    HttpApiEndpoint.patch("editComment", "/comments/:commentId", {
      params: { commentId: CommentIdInPath },
      headers: commandHeaders,
      payload: CommentDraft,
      success: [HttpApiSchema.WithHeaders(Comment, { ...answered, etag: Schema.String }), AcceptedAnswer],
      error: [...failures, InvalidRequest, CommentNotFound, CommentDeleted, NotTheAuthor]
    })
      .middleware(Parameters)
      .middleware(JsonBody)
      .annotate(ScopesNeeded, [writeScope])
      .annotate(OpenApi.Summary, "Change a comment's text")
      .annotate(
        OpenApi.Description,
        "Only its author may. The text that the comment has already changes nothing, and is answered as if it did."
      ),
    HttpApiEndpoint.delete("deleteComment", "/comments/:commentId", {
      params: { commentId: CommentIdInPath },
      headers: commandHeaders,
      success: [HttpApiSchema.WithHeaders(HttpApiSchema.NoContent, answered), AcceptedAnswer],
      error: [...failures, CommentNotFound, NotTheAuthor]
    })
      .middleware(Parameters)
      .middleware(IgnoredBody)
      .annotate(ScopesNeeded, [writeScope, moderateScope])
      .annotate(OpenApi.Summary, "Delete a comment")
      .annotate(
        OpenApi.Description,
        "Its author may, with either scope, and whoever has the scope `comments:moderate`. Deleting is for good; deleting again changes nothing and is 204, too."
      )
  )
  .middleware(Authentication)
  .annotate(OpenApi.Description, "Everything that changes comments. All need a bearer token.")
{}

/** The command service's contract. */
export class CommandApi extends HttpApi.make("marginalia-commands").add(CommandGroup, AcceptedCommandsGroup) {}
