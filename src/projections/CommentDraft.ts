import * as Result from "effect/Result"
import type { CommentEventType, RecordedEvent } from "../domain/CommentEvent.ts"
import { CommentEvent } from "../domain/CommentEvent.ts"
import type { CommentText } from "../domain/CommentText.ts"
import type { AuthorId, CommentId, PictureId, Timestamp, Version } from "../domain/ids.ts"
import type { StreamPosition } from "./StreamPosition.ts"

/** An event as a comment's history shows it. */
export interface HistoryEntry {
  readonly version: Version
  readonly type: CommentEventType
  readonly at: Timestamp
  /** Null for an event that brought no text. */
  readonly text: CommentText | null
}

/** What some events make of one comment, beginning at the position that the read model has reached with it. */
export interface CommentDraft {
  readonly stream: CommentId
  readonly version: number
  readonly pictureId: PictureId | null
  readonly authorId: AuthorId | null
  /** When it was posted, if one of these events posted it; null if the read model has its row already. */
  readonly postedAt: Timestamp | null
  /** The text that these events leave it with; null if they deleted it, or before the first of them. */
  readonly text: CommentText | null
  readonly editedAt: Timestamp | null
  readonly deletedAt: Timestamp | null
  readonly history: ReadonlyArray<HistoryEntry>
}

export const draftAt = ({ authorId, pictureId, stream, version }: StreamPosition): CommentDraft => ({
  stream,
  version,
  pictureId,
  authorId,
  postedAt: null,
  text: null,
  editedAt: null,
  deletedAt: null,
  history: []
})

const remember = (draft: CommentDraft, event: RecordedEvent, text: CommentText | null): CommentDraft => ({
  ...draft,
  version: event.version,
  history: [...draft.history, { version: event.version, type: event.body._tag, at: event.occurredAt, text }]
})

/**
 * The draft after an event, or a short reason why this event can't follow. Nothing that a person wrote is in the reason.
 * An event after a deletion that the read model has already seen is not caught here: its row no longer takes changes.
 */
export const draw = (draft: CommentDraft, event: RecordedEvent): Result.Result<CommentDraft, string> => {
  const { body, occurredAt, version } = event
  if (event.stream !== draft.stream || version !== draft.version + 1) {
    return Result.fail(`the commit holds an event of another place than version ${draft.version + 1} of its stream`)
  }
  if ((body._tag === "CommentPosted") !== (draft.version === 0)) {
    return Result.fail(`${body._tag} can't be version ${version} of a stream`)
  }
  if (draft.deletedAt !== null) {
    return Result.fail(`${body._tag} follows a deletion, as version ${version}`)
  }
  return Result.succeed(
    CommentEvent.match(body, {
      CommentPosted: ({ authorId, pictureId, text }) => ({
        ...remember(draft, event, text),
        pictureId,
        authorId,
        postedAt: occurredAt,
        text
      }),
      CommentEdited: ({ text }) => ({ ...remember(draft, event, text), text, editedAt: occurredAt }),
      CommentDeleted: () => ({ ...remember(draft, event, null), text: null, deletedAt: occurredAt })
    })
  )
}
