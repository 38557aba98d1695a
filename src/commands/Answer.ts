import * as Schema from "effect/Schema"
import type { ActiveComment, DeletedComment } from "../domain/CommentState.ts"
import type { AuthorId, CommentId, PictureId, Timestamp, Version } from "../domain/ids.ts"
import { Standing, standingOf } from "../domain/Standing.ts"

/** A comment as it was at one version. */
export interface CommentAtVersion {
  readonly id: CommentId
  readonly pictureId: PictureId
  readonly authorId: AuthorId
  readonly text: string
  readonly version: Version
  readonly createdAt: Timestamp
  readonly editedAt: Timestamp | null
}

/** What came of a command that wasn't rejected. */
export interface Answer {
  /** `unchanged` appended nothing; `replayed` is the first answer of the same command again. */
  readonly outcome: "accepted" | "unchanged" | "replayed"
  /** Where the comment stood when it was decided: what the consistency token says. */
  readonly standing: Standing
  /** The comment as the command left it; null for one that it deleted. */
  readonly comment: CommentAtVersion | null
}

/** The comment as it stands now; null when it has been deleted. */
export const presentComment = (id: CommentId, state: ActiveComment | DeletedComment): CommentAtVersion | null =>
  state._tag === "Deleted" ? null : {
    id,
    pictureId: state.pictureId,
    authorId: state.authorId,
    text: state.text,
    version: state.version,
    createdAt: state.createdAt,
    editedAt: state.editedAt
  }

/** The answer that a state gives to the command that led to it, or found it as wanted. */
export const answerOf = (
  outcome: Answer["outcome"],
  commentId: CommentId,
  state: ActiveComment | DeletedComment
): Answer => ({ outcome, standing: standingOf(commentId, state), comment: presentComment(commentId, state) })

/** Others changed the comment so often meanwhile that the command never met the state that it was decided on. Nothing was appended. */
export class CommandContended extends Schema.TaggedError<CommandContended>()("CommandContended", {
  standing: Standing
}) {}
