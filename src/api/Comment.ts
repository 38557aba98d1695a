import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { AuthorId, CommentId, PictureId, Version } from "../domain/ids.ts"

/** A time on the wire: ISO 8601 with milliseconds, in UTC. */
export const Instant = Schema.String.annotate({
  format: "date-time",
  description: "ISO 8601 with milliseconds, in UTC."
}).pipe(Schema.decodeTo(Schema.DateTimeUtc, SchemaTransformation.dateTimeUtcFromString))

const Text = Schema.String.annotate({
  description: "Plain text, never to be interpreted: what looks like markup in it is just characters."
})

const VersionOfComment = Version.annotate({ description: "The version of the comment's last event: 1, 2, 3, …" })

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** A comment as commands and queries answer with it. `version` is the version of its last event. */
export const Comment = Schema.Struct({
  id: CommentId,
  pictureId: PictureId,
  authorId: AuthorId,
  text: Text,
  version: VersionOfComment,
  createdAt: Instant,
  editedAt: Schema.NullOr(Instant)
}).annotate({ identifier: "Comment", description: "A comment on a picture." })
export type Comment = typeof Comment.Type

/** One page of comments. `count` is how many the whole list has; `nextCursor` is null on the last page. */
export const CommentPage = Schema.Struct({
  items: Schema.Array(Comment),
  nextCursor: Schema.NullOr(Schema.String).annotate({
    description: "Where the next page begins, to be sent as `cursor`; null on the last page."
  }),
  count: Count.annotate({ description: "How many comments the whole list has." })
}).annotate({ identifier: "CommentPage", description: "One page of comments." })

/** What happened to a comment, oldest first. `text` is there where the event brought one. */
export const CommentHistory = Schema.Struct({
  items: Schema.Array(Schema.Struct({
    version: Version,
    type: Schema.Literals(["CommentPosted", "CommentEdited", "CommentDeleted"]),
    at: Instant,
    text: Schema.optionalKey(Text)
  }))
}).annotate({ identifier: "CommentHistory", description: "What happened to a comment, oldest first." })

/** How many comments a picture has. */
export const PictureCount = Schema.Struct({
  pictureId: PictureId,
  count: Count
}).annotate({ identifier: "PictureCount", description: "How many comments a picture has." })

/** How many comments some pictures have, in the order asked. */
export const PictureCounts = Schema.Struct({
  items: Schema.Array(PictureCount)
}).annotate({ identifier: "PictureCounts", description: "How many comments some pictures have, in the order asked." })
