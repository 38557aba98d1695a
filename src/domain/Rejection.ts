import * as Schema from "effect/Schema"
import { CommentId } from "./ids.ts"
import { Standing } from "./Standing.ts"

/** There never was a comment of this id. */
export class CommentNotFound extends Schema.TaggedError<CommentNotFound>()("CommentNotFound", {
  commentId: CommentId
}) {}

/** The comment has been deleted, and can't be edited any more. */
export class CommentGone extends Schema.TaggedError<CommentGone>()("CommentGone", { standing: Standing }) {}

/** Only a comment's author edits or deletes it; a moderator may delete it. */
export class NotTheAuthor extends Schema.TaggedError<NotTheAuthor>()("NotTheAuthor", { commentId: CommentId }) {}

/** The command asked for a version that the comment isn't at. */
export class VersionMismatch extends Schema.TaggedError<VersionMismatch>()("VersionMismatch", {
  standing: Standing
}) {}

/** The idempotency key has been used for another payload. */
export class IdempotencyKeyReused extends Schema.TaggedError<IdempotencyKeyReused>()("IdempotencyKeyReused", {
  commentId: CommentId
}) {}

/** A command refused by the rules. Final only when it was decided on a strongly consistent load. */
export const Rejection = Schema.Union([
  CommentNotFound,
  CommentGone,
  NotTheAuthor,
  VersionMismatch,
  IdempotencyKeyReused
])
export type Rejection = typeof Rejection.Type
