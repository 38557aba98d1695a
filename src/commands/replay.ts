import * as Effect from "effect/Effect"
import type { ActiveComment, DeletedComment } from "../domain/CommentState.ts"
import type { CommentId, Version } from "../domain/ids.ts"
import { standingOf } from "../domain/Standing.ts"
import { decodeCommit } from "../events/EventCodec.ts"
import type { EventStore } from "../events/EventStore.ts"
import type { Answer } from "./Answer.ts"
import { answerOf } from "./Answer.ts"

/**
 * The first answer of a command that brought the comment to `version`, given again: the comment as it was then, read from
 * the log where it has changed since, also when it has been deleted since. The standing says what it was answered from.
 */
export const replayedAnswer = Effect.fnUntraced(function*(
  store: EventStore["Service"],
  commentId: CommentId,
  state: ActiveComment | DeletedComment,
  version: Version
) {
  if (version === state.version) return answerOf("replayed", commentId, state)
  const [encoded] = yield* store.readStream(commentId, { from: version, limit: 1 })
  const commit = encoded === undefined ? undefined : yield* Effect.fromResult(decodeCommit(encoded))
  const event = commit?.events.find((event) => event.version === version)
  if (event === undefined) return yield* Effect.die(new Error(`no event ${version} in the stream ${commentId}`))
  const { body, occurredAt } = event
  const answer: Answer = {
    outcome: "replayed",
    standing: standingOf(commentId, state),
    comment: body._tag === "CommentDeleted" ? null : {
      id: commentId,
      pictureId: state.pictureId,
      authorId: state.authorId,
      text: body.text,
      version,
      createdAt: state.createdAt,
      editedAt: body._tag === "CommentPosted" ? null : occurredAt
    }
  }
  return answer
})
