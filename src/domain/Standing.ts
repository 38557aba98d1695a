import * as Schema from "effect/Schema"
import type { ActiveComment, DeletedComment } from "./CommentState.ts"
import { AuthorId, CommentId, PictureId } from "./ids.ts"

/** Where a comment stood when something was decided about it. Version 0 is a comment that was never posted. */
export const Standing = Schema.Struct({
  commentId: CommentId,
  version: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  pictureId: PictureId,
  authorId: AuthorId
})
export type Standing = typeof Standing.Type

/** Where a comment that exists, or existed, stands in a state. */
export const standingOf = (commentId: CommentId, state: ActiveComment | DeletedComment): Standing => ({
  commentId,
  version: state.version,
  pictureId: state.pictureId,
  authorId: state.authorId
})
