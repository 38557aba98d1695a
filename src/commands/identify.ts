import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import type { Actor, CommentCommand, Precondition } from "../domain/CommentCommand.ts"
import type { CommentText } from "../domain/CommentText.ts"
import type { PictureId } from "../domain/ids.ts"
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

const commandIdFor = Effect.fnUntraced(function*(
  { actor, idempotencyKey: key }: Asking,
  target: CommentId
): Effect.fn.Return<CommandId, never, SecureRandom.SecureRandom> {
  if (key !== null) return derivedCommandId(actor.id, target, key)
  const random = yield* SecureRandom.SecureRandom
  return CommandId.make(yield* random.uuidV7())
})

/** The command to change a comment's text. */
export const identifyEdit = Effect.fnUntraced(function*(
  asking: Asking,
  commentId: CommentId,
  text: CommentText
): Effect.fn.Return<CommentCommand, never, SecureRandom.SecureRandom> {
  return {
    _tag: "EditComment",
    commentId,
    commandId: yield* commandIdFor(asking, commentId),
    fingerprint: asking.idempotencyKey === null ? null : fingerprintOf("PATCH", commentId, text),
    actor: asking.actor,
    precondition: asking.precondition,
    text
  }
})

/** The command to delete a comment. */
export const identifyDelete = Effect.fnUntraced(function*(
  asking: Asking,
  commentId: CommentId
): Effect.fn.Return<CommentCommand, never, SecureRandom.SecureRandom> {
  return {
    _tag: "DeleteComment",
    commentId,
    commandId: yield* commandIdFor(asking, commentId),
    fingerprint: asking.idempotencyKey === null ? null : fingerprintOf("DELETE", commentId, ""),
    actor: asking.actor,
    precondition: asking.precondition
  }
})
