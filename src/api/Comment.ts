import * as Schema from "effect/Schema"
import { AuthorId, CommentId, PictureId, Version } from "../domain/ids.ts"

/** A time on the wire: ISO 8601 with milliseconds, in UTC. */
export const Instant = Schema.DateTimeUtcFromString

/** A comment as commands and queries answer with it. `version` is the version of its last event. */
export const Comment = Schema.Struct({
  id: CommentId,
  pictureId: PictureId,
  authorId: AuthorId,
  text: Schema.String,
  version: Version,
  createdAt: Instant,
  editedAt: Schema.NullOr(Instant)
}).annotate({ identifier: "Comment" })
export type Comment = typeof Comment.Type

/** One page of comments. `count` is how many the whole list has; `nextCursor` is null on the last page. */
export const CommentPage = Schema.Struct({
  items: Schema.Array(Comment),
  nextCursor: Schema.NullOr(Schema.String),
  count: Schema.Int
}).annotate({ identifier: "CommentPage" })

/** What happened to a comment, oldest first. `text` is there where the event brought one. */
export const CommentHistory = Schema.Struct({
  items: Schema.Array(Schema.Struct({
    version: Version,
    type: Schema.Literals(["CommentPosted", "CommentEdited", "CommentDeleted"]),
    at: Instant,
    text: Schema.optionalKey(Schema.String)
  }))
}).annotate({ identifier: "CommentHistory" })

/** How many comments a picture has. */
export const PictureCount = Schema.Struct({
  pictureId: PictureId,
  count: Schema.Int
}).annotate({ identifier: "PictureCount" })

/** How many comments some pictures have, in the order asked. */
export const PictureCounts = Schema.Struct({
  items: Schema.Array(PictureCount)
}).annotate({ identifier: "PictureCounts" })
