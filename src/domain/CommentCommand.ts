import * as Schema from "effect/Schema"
import { CommentText } from "./CommentText.ts"
import { AuthorId, CommandId, CommentId, Fingerprint, PictureId, Version } from "./ids.ts"

/** Whoever asks, and whether they may delete what others wrote. */
export const Actor = Schema.Struct({ id: AuthorId, moderator: Schema.Boolean })
export type Actor = typeof Actor.Type

/** What `If-Match` asked for (RFC 9110, section 13.1.1): any version at all, or one of some. */
export const Precondition = Schema.TaggedUnion({
  AnyVersion: {},
  OneOf: { versions: Schema.Array(Version) }
})
export type Precondition = typeof Precondition.Type

const asked = {
  commentId: CommentId,
  commandId: CommandId,
  /** Of the payload, when the command came with an idempotency key; null otherwise, and then it is never a replay. */
  fingerprint: Schema.NullOr(Fingerprint),
  actor: Actor,
  precondition: Schema.NullOr(Precondition)
}

/** What somebody asks for. */
export const CommentCommand = Schema.TaggedUnion({
  PostComment: { ...asked, pictureId: PictureId, text: CommentText },
  EditComment: { ...asked, text: CommentText },
  DeleteComment: asked
})
export type CommentCommand = typeof CommentCommand.Type
export type PostComment = (typeof CommentCommand.cases.PostComment)["Type"]
export type EditComment = (typeof CommentCommand.cases.EditComment)["Type"]
export type DeleteComment = (typeof CommentCommand.cases.DeleteComment)["Type"]
