import type { CommentText } from "../domain/CommentText.ts"
import type { AuthorId, CommentId, PictureId, Timestamp } from "../domain/ids.ts"
import type { HistoryEntry } from "./CommentDraft.ts"
import type { StreamPlan } from "./plan.ts"

/** A comment that the read model doesn't have yet. */
export interface PostedComment {
  readonly id: CommentId
  readonly pictureId: PictureId | null
  readonly authorId: AuthorId | null
  readonly text: CommentText | null
  readonly version: number
  readonly createdAt: Timestamp
  readonly editedAt: Timestamp | null
  readonly deletedAt: Timestamp | null
}

/** What changes in a comment that the read model has. */
export interface ChangedComment {
  readonly id: CommentId
  readonly version: number
  /** The last text; null for a deleted comment. */
  readonly text: CommentText | null
  /** Null: as it was. */
  readonly editedAt: Timestamp | null
  readonly deletedAt: Timestamp | null
}

/** Where a stream stands afterwards. */
export interface ReachedPosition {
  readonly stream: CommentId
  readonly version: number
  readonly pictureId: PictureId | null
  readonly authorId: AuthorId | null
}

/** What is added to the number of a picture's or an author's comments. */
export type Deltas<Id> = ReadonlyMap<Id, number>

/** All that a batch changes in the read model, as sets. */
export interface Changes {
  readonly posted: ReadonlyArray<PostedComment>
  readonly changed: ReadonlyArray<ChangedComment>
  readonly history: ReadonlyArray<HistoryEntry & { readonly commentId: CommentId }>
  readonly positions: ReadonlyArray<ReachedPosition>
  /** Also those of 0: a picture whose only comment came and went in one batch has been commented on. */
  readonly pictures: Deltas<PictureId>
  readonly authors: Deltas<AuthorId>
}

const add = <Id>(deltas: Map<Id, number>, id: Id | null, delta: number) => {
  if (id !== null) deltas.set(id, (deltas.get(id) ?? 0) + delta)
}

/**
 * The row changes that plans of different streams come to. The deltas count what the plans apply and nothing else, so
 * they are right exactly when the plans were made under the lock of their positions.
 */
export const changesOf = (plans: ReadonlyArray<StreamPlan>): Changes => {
  const posted: Array<PostedComment> = []
  const changed: Array<ChangedComment> = []
  const history: Array<Changes["history"][number]> = []
  const positions: Array<ReachedPosition> = []
  const pictures = new Map<PictureId, number>()
  const authors = new Map<AuthorId, number>()
  for (const { applied, draft, unparks } of plans) {
    const { authorId, deletedAt, editedAt, pictureId, postedAt, stream, text, version } = draft
    if (applied > 0 || unparks) positions.push({ stream, version, pictureId, authorId })
    if (applied === 0) continue
    for (const entry of draft.history) history.push({ ...entry, commentId: stream })
    const isPosted = postedAt !== null
    const isGone = deletedAt !== null
    if (isPosted) {
      posted.push({ id: stream, pictureId, authorId, text, version, createdAt: postedAt, editedAt, deletedAt })
    } else {
      changed.push({ id: stream, version, text, editedAt, deletedAt })
    }
    if (isPosted || isGone) {
      const delta = (isPosted ? 1 : 0) - (isGone ? 1 : 0)
      add(pictures, pictureId, delta)
      add(authors, authorId, delta)
    }
  }
  return { posted, changed, history, positions, pictures, authors }
}
