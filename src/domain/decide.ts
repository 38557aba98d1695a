import type * as Arr from "effect/Array"
import * as Data from "effect/Data"
import * as Result from "effect/Result"
import type { DeleteComment, EditComment, PostComment } from "./CommentCommand.ts"
import { CommentCommand } from "./CommentCommand.ts"
import type { CommentEvent } from "./CommentEvent.ts"
import type { ActiveComment, CommentState, DeletedComment } from "./CommentState.ts"
import { versionOf } from "./CommentState.ts"
import type { Version } from "./ids.ts"
import { deletesAs, mayEdit } from "./permission.ts"
import type { Rejection } from "./Rejection.ts"
import { CommentGone, CommentNotFound, IdempotencyKeyReused, NotTheAuthor, VersionMismatch } from "./Rejection.ts"
import { standingOf } from "./Standing.ts"

/** What comes of a command that isn't rejected. */
export type Decision = Data.TaggedEnum<{
  /** These happened; they stand once they are appended. */
  Accepted: { readonly events: Arr.NonEmptyReadonlyArray<CommentEvent> }
  /** The comment already is as the command wants it. Nothing is appended. */
  Unchanged: {}
  /** The command was accepted before, when it brought the comment to this version. Its first answer is due again. */
  Replayed: { readonly version: Version }
}>
export const Decision = Data.taggedEnum<Decision>()

type Decided = Result.Result<Decision, Rejection>

const accept = (event: CommentEvent): Decided => Result.succeed(Decision.Accepted({ events: [event] }))
const unchanged: Decided = Result.succeed(Decision.Unchanged())

// A command without a key is told from another by its fresh id, so its own id under another fingerprint can't occur.
const replayOf = (state: ActiveComment | DeletedComment, command: CommentCommand): Decided | undefined => {
  const first = state.posted.id === command.commandId
    ? state.posted
    : state.accepted.find(({ id }) => id === command.commandId)
  if (first === undefined) return undefined
  return first.fingerprint === command.fingerprint
    ? Result.succeed(Decision.Replayed({ version: first.version }))
    : Result.fail(new IdempotencyKeyReused({ commentId: command.commentId }))
}

const meets = (command: CommentCommand, state: CommentState): boolean => {
  const { precondition } = command
  if (precondition === null) return true
  const version = versionOf(state)
  return version > 0 && (precondition._tag === "AnyVersion" || precondition.versions.some((one) => one === version))
}

const post = (state: CommentState, command: PostComment): Decided => {
  const { actor, commentId, pictureId, text } = command
  if (state._tag !== "Absent") {
    // The id is derived from author and key, or fresh: whoever meets a comment here has used the key before.
    return replayOf(state, command) ?? Result.fail(new IdempotencyKeyReused({ commentId }))
  }
  // What doesn't exist is at no version, so a precondition on it can't hold (RFC 9110, section 13.1.1).
  if (!meets(command, state)) {
    return Result.fail(new VersionMismatch({ standing: { commentId, version: 0, pictureId, authorId: actor.id } }))
  }
  return accept({ _tag: "CommentPosted", pictureId, authorId: actor.id, text })
}

const edit = (state: CommentState, command: EditComment): Decided => {
  const { actor, commentId, text } = command
  if (state._tag === "Absent") return Result.fail(new CommentNotFound({ commentId }))
  const replay = replayOf(state, command)
  if (replay !== undefined) return replay
  const standing = standingOf(commentId, state)
  if (state._tag === "Deleted") return Result.fail(new CommentGone({ standing }))
  if (!mayEdit(actor, state)) return Result.fail(new NotTheAuthor({ commentId }))
  if (!meets(command, state)) return Result.fail(new VersionMismatch({ standing }))
  return text === state.text ? unchanged : accept({ _tag: "CommentEdited", text })
}

const remove = (state: CommentState, command: DeleteComment): Decided => {
  const { actor, commentId } = command
  if (state._tag === "Absent") return Result.fail(new CommentNotFound({ commentId }))
  const replay = replayOf(state, command)
  if (replay !== undefined) return replay
  if (state._tag === "Deleted") return unchanged
  const by = deletesAs(actor, state)
  if (by === undefined) return Result.fail(new NotTheAuthor({ commentId }))
  if (!meets(command, state)) return Result.fail(new VersionMismatch({ standing: standingOf(commentId, state) }))
  return accept({ _tag: "CommentDeleted", by })
}

/**
 * What comes of a command in a state. Pure and total. The checks run in the order of the HTTP contract: replay, not found,
 * deleted, author, precondition, no change.
 */
export const decide = (state: CommentState, command: CommentCommand): Decided =>
  CommentCommand.match(command, {
    PostComment: (command) => post(state, command),
    EditComment: (command) => edit(state, command),
    DeleteComment: (command) => remove(state, command)
  })
