import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import type { Actor, CommentCommand, Precondition } from "../domain/CommentCommand.ts"
import type { CommentText } from "../domain/CommentText.ts"
import type { Fingerprint, PictureId } from "../domain/ids.ts"
import { CommandId, CommentId } from "../domain/ids.ts"
import { derivedCommandId, derivedCommentId, fingerprintOf } from "./derivedIds.ts"

/** Who asks, under which conditions. */
export interface Asking {
  readonly actor: Actor
  /** The `Idempotency-Key`, as it came; null where there was none. */
  readonly idempotencyKey: string | null
  readonly precondition: Precondition | null
}

/** The command to post a comment: under a key its id is derived, so that a retry meets its own first commit. */
export const identifyPost = Effect.fnUntraced(function*(
  asking: Asking,
  pictureId: PictureId,
  text: CommentText
): Effect.fn.Return<CommentCommand, never, SecureRandom.SecureRandom> {
  const { actor, idempotencyKey: key, precondition } = asking
  const random = yield* SecureRandom.SecureRandom
  const commentId = key === null ? CommentId.make(yield* random.uuidV7()) : derivedCommentId(actor.id, key)
  return {
    _tag: "PostComment",
    commentId,
    // A post is the first command of its stream: the comment's id says which one it is.
    commandId: CommandId.make(commentId),
    fingerprint: key === null ? null : fingerprintOf("POST", pictureId, text),
    actor,
    precondition,
    pictureId,
    text
  }
})

// What an edit and a deletion of a comment have in common.
const changing = Effect.fnUntraced(function*(
  { actor, idempotencyKey: key, precondition }: Asking,
  commentId: CommentId,
  fingerprint: () => Fingerprint
) {
  const random = yield* SecureRandom.SecureRandom
  const commandId = key === null
    ? CommandId.make(yield* random.uuidV7())
    : derivedCommandId(actor.id, commentId, key)
  return { commentId, commandId, fingerprint: key === null ? null : fingerprint(), actor, precondition }
})

/** The command to change a comment's text. */
export const identifyEdit = Effect.fnUntraced(function*(
  asking: Asking,
  commentId: CommentId,
  text: CommentText
): Effect.fn.Return<CommentCommand, never, SecureRandom.SecureRandom> {
  const asked = yield* changing(asking, commentId, () => fingerprintOf("PATCH", commentId, text))
  return { _tag: "EditComment", ...asked, text }
})

/** The command to delete a comment. */
export const identifyDelete = Effect.fnUntraced(function*(
  asking: Asking,
  commentId: CommentId
): Effect.fn.Return<CommentCommand, never, SecureRandom.SecureRandom> {
  const asked = yield* changing(asking, commentId, () => fingerprintOf("DELETE", commentId, ""))
  return { _tag: "DeleteComment", ...asked }
})
