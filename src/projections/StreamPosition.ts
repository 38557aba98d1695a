import type { AuthorId, CommentId, PictureId } from "../domain/ids.ts"

/** How far the read model has come with a stream, as the stream's position row says. */
export interface StreamPosition {
  readonly stream: CommentId
  /** The version of the last event that was projected, 0 before the first. */
  readonly version: number
  /** Where and by whom the comment was posted; null before the first event. */
  readonly pictureId: PictureId | null
  readonly authorId: AuthorId | null
  /** Whether an event of the stream could not be projected. Its later events wait in the log. */
  readonly parked: boolean
}

/** Positions by their streams. A stream of which nothing has been projected yet may have none. */
export type Positions = ReadonlyMap<CommentId, StreamPosition>

/** Where a stream stands. */
export const positionOf = (positions: Positions, stream: CommentId): StreamPosition =>
  positions.get(stream) ?? { stream, version: 0, pictureId: null, authorId: null, parked: false }
