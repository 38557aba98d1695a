import * as Schema from "effect/Schema"
import type { CommentCommand } from "../domain/CommentCommand.ts"
import { Timestamp, Version } from "../domain/ids.ts"
import { Rejection } from "../domain/Rejection.ts"
import { Standing } from "../domain/Standing.ts"
import type { Answer } from "./Answer.ts"
import type { Origin } from "./decideAndAppend.ts"

/**
 * What came of an accepted command. Done is what has an answer; of its comment only what the command and the standing
 * don't say: the text is the command's own.
 */
export const InboxOutcome = Schema.TaggedUnion({
  Done: {
    outcome: Schema.Literals(["accepted", "unchanged", "replayed"]),
    standing: Standing,
    comment: Schema.NullOr(
      Schema.Struct({ version: Version, createdAt: Timestamp, editedAt: Schema.NullOr(Timestamp) })
    )
  },
  Rejected: { rejection: Rejection },
  /** It can never be decided: its comment's log can't be read. */
  Failed: { reason: Schema.String }
})
export type InboxOutcome = typeof InboxOutcome.Type
export type DoneOutcome = (typeof InboxOutcome.cases.Done)["Type"]

/** A command that was accepted to be decided later. */
export interface InboxEntry {
  readonly command: CommentCommand
  readonly origin: Origin
  readonly acceptedAt: Timestamp
  /** Null while it is pending. */
  readonly outcome: InboxOutcome | null
}

/** What is kept of a command's answer. */
export const doneWith = ({ comment, outcome, standing }: Answer): DoneOutcome => ({
  _tag: "Done",
  outcome,
  standing,
  comment: comment === null
    ? null
    : { version: comment.version, createdAt: comment.createdAt, editedAt: comment.editedAt }
})

/** The answer that was kept: exactly the one that the command had. */
export const answerIn = (command: CommentCommand, { comment, outcome, standing }: DoneOutcome): Answer => ({
  outcome,
  standing,
  comment: comment === null || command._tag === "DeleteComment" ? null : {
    id: command.commentId,
    pictureId: standing.pictureId,
    authorId: standing.authorId,
    text: command.text,
    ...comment
  }
})
