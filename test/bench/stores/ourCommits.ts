import { randomUUID } from "node:crypto"
import type { CommentEvent } from "../../../src/domain/CommentEvent.ts"
import { CommentText } from "../../../src/domain/CommentText.ts"
import { AuthorId, CommandId, CommitId, CorrelationId, EventId, PictureId } from "../../../src/domain/ids.ts"
import { type Commit, record } from "../../../src/events/Commit.ts"
import type { Head } from "../../../src/events/Head.ts"
import type { DraftEvent } from "./StoreDriver.ts"

const bodyOf = ({ data, type }: DraftEvent): CommentEvent => {
  const text = CommentText.make(data.text)
  return type === "CommentEdited" ? { _tag: "CommentEdited", text } : {
    _tag: "CommentPosted",
    pictureId: PictureId.make(data.pictureId ?? ""),
    authorId: AuthorId.make(data.authorId ?? ""),
    text
  }
}

/** The commit of one event, recorded on a head as the command handler does it. */
export const commitOf = (head: Head, draft: DraftEvent): Commit => {
  const { at, by, command, correlation, id } = draft.metadata
  return record(head, [bodyOf(draft)], {
    commitId: CommitId.make(randomUUID()),
    eventIds: [EventId.make(id)],
    commandId: CommandId.make(command),
    correlationId: CorrelationId.make(correlation),
    fingerprint: null,
    actor: AuthorId.make(by),
    traceParent: null,
    now: at
  })
}
