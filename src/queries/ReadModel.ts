import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type AuthorId, CommentId, type PictureId, Version } from "../domain/ids.ts"
import type { CommentList, PageOrder } from "./CommentList.ts"
import type { PagePosition } from "./Cursor.ts"

/** How many comments a page may have at most. */
export const maxPageLimit = 100

/** The read model can't be reached, or doesn't answer in time. A later try may well succeed. */
export class ReadModelUnavailable extends Schema.TaggedError<ReadModelUnavailable>()("ReadModelUnavailable", {
  cause: Schema.Defect()
}) {}

/**
 * A comment that can be seen. Its ids were checked before they were written: to do so again would be half of the time that
 * reading a page takes.
 */
export const CommentView = Schema.Struct({
  id: Schema.String.pipe(Schema.brand("CommentId")),
  pictureId: Schema.String.pipe(Schema.brand("PictureId")),
  authorId: Schema.String.pipe(Schema.brand("AuthorId")),
  text: Schema.String,
  version: Version,
  createdAt: Schema.Date,
  editedAt: Schema.NullOr(Schema.Date)
})
export type CommentView = typeof CommentView.Type

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly list: CommentList
  readonly order: PageOrder
  /** From 1 to `maxPageLimit`. */
  readonly limit: number
  /** The page begins after this position; at the list's beginning if there is none. */
  readonly after: PagePosition | undefined
}

/** A part of a list, and how many comments the whole list has: both as they were at one instant. */
export interface CommentSlice {
  readonly comments: ReadonlyArray<CommentView>
  /** Whether the list goes on after these. */
  readonly more: boolean
  readonly count: number
}

/** What became of a comment. */
export type FoundComment = Data.TaggedEnum<{
  NeverExisted: {}
  Visible: { readonly comment: CommentView }
  Deleted: { readonly version: Version; readonly pictureId: PictureId; readonly authorId: AuthorId }
}>
export const FoundComment = Data.taggedEnum<FoundComment>()

/** One thing that happened to a comment. `text` is there where the event brought one. */
export const HistoryEntry = Schema.Struct({
  version: Version,
  type: Schema.String,
  at: Schema.Date,
  text: Schema.NullOr(Schema.String)
})
export type HistoryEntry = typeof HistoryEntry.Type

/** All that happened to a comment, oldest first, and whose comment it is. Deleted comments have one too. */
export interface FoundHistory {
  readonly authorId: AuthorId
  readonly entries: ReadonlyArray<HistoryEntry>
}

/** How many comments a picture has. */
export interface CountedPicture {
  readonly pictureId: PictureId
  readonly count: number
}

/** How far a stream has been projected, and whether it stands still there until an operator looks at it. */
export const StreamPosition = Schema.Struct({
  stream: CommentId,
  version: Schema.Int,
  parked: Schema.Boolean
})
export type StreamPosition = typeof StreamPosition.Type

/** The comments as queries see them. Every method reads one snapshot. */
export class ReadModel extends Context.Service<ReadModel, {
  page(request: PageRequest): Effect.Effect<CommentSlice, ReadModelUnavailable>

  comment(id: CommentId): Effect.Effect<FoundComment, ReadModelUnavailable>

  /** Undefined for a comment that never existed. */
  history(id: CommentId): Effect.Effect<FoundHistory | undefined, ReadModelUnavailable>

  /** In the order asked, and as often as asked; 0 for a picture that nobody has commented on. */
  counts(pictures: ReadonlyArray<PictureId>): Effect.Effect<ReadonlyArray<CountedPicture>, ReadModelUnavailable>

  /** Those of the streams that have been heard of, in any order. */
  positions(streams: ReadonlyArray<CommentId>): Effect.Effect<ReadonlyArray<StreamPosition>, ReadModelUnavailable>
}>()("marginalia/queries/ReadModel") {}
