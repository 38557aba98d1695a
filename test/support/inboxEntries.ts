import { randomUUID } from "node:crypto"
import { answerOf } from "../../src/commands/Answer.ts"
import { doneWith, type InboxEntry } from "../../src/commands/InboxEntry.ts"
import { CommentCommand } from "../../src/domain/CommentCommand.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import { evolve } from "../../src/domain/evolve.ts"
import { CommandId, CommentId, Timestamp } from "../../src/domain/ids.ts"
import type { Commit } from "../../src/events/Commit.ts"
import type { Head } from "../../src/events/Head.ts"
import { ana, pictureId } from "./given.ts"
import { origin } from "./handling.ts"

/** When the entries of these tests are accepted, unless they say otherwise. */
export const acceptedAt = Timestamp.make(Date.now())

/** A pending entry. */
export const entryOf = (command: CommentCommand, at: Timestamp = acceptedAt): InboxEntry => ({
  command,
  origin,
  acceptedAt: at,
  outcome: null
})

const asked = (commentId: CommentId, commandId: string) => ({
  commentId,
  commandId: CommandId.make(commandId),
  fingerprint: null,
  actor: ana,
  precondition: null
})

/** Ana's post of a comment, without a key. */
export const freshPost = (text = "What a light!", commentId = CommentId.make(randomUUID())): CommentCommand =>
  CommentCommand.cases.PostComment.make({ ...asked(commentId, commentId), pictureId, text: CommentText.make(text) })

/** Ana's edit of a comment, without a key. */
export const freshEdit = (commentId: CommentId, text: string): CommentCommand =>
  CommentCommand.cases.EditComment.make({ ...asked(commentId, randomUUID()), text: CommentText.make(text) })

/** Ana's deletion of a comment, without a key. */
export const freshRemoval = (commentId: CommentId): CommentCommand =>
  CommentCommand.cases.DeleteComment.make(asked(commentId, randomUUID()))

/** What is to be kept of a command whose commit goes on a head. */
export const doneBy = (head: Head, commit: Commit) => {
  const state = commit.events.reduce(evolve, head.state)
  if (state._tag === "Absent") throw new Error("a commit leaves a comment behind")
  return doneWith(answerOf("accepted", head.stream, state))
}
