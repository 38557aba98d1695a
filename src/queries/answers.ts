import { Timestamp } from "../domain/ids.ts"
import type { CommentList, PageOrder } from "./CommentList.ts"
import { encodeCursor } from "./Cursor.ts"
import { etagOf } from "./etag.ts"
import type { CachedAnswer } from "./QueryCache.ts"
import type { CommentSlice, CommentView, CountedPicture, FoundHistory } from "./ReadModel.ts"

// Each body has its bytes to itself, for a cache keeps them: a piece of a shared buffer would keep all of that.
const encoder = new TextEncoder()
const encodeJson = (value: object): Uint8Array => encoder.encode(JSON.stringify(value))

const answer = (value: object, nextCursor: string | null = null): CachedAnswer => {
  const body = encodeJson(value)
  return { body, etag: etagOf(body), nextCursor }
}

// In the order of the contract's fields. A `Date` would write itself as well, but leaving that to `JSON.stringify` takes
// twice the time.
const commentJson = ({ authorId, createdAt, editedAt, id, pictureId, text, version }: CommentView) => ({
  id,
  pictureId,
  authorId,
  text,
  version,
  createdAt: createdAt.toISOString(),
  editedAt: editedAt === null ? null : editedAt.toISOString()
})

/** `CommentPage` of the contract, in bytes. */
export const pageAnswer = (
  list: CommentList,
  order: PageOrder,
  { comments, count, more }: CommentSlice
): CachedAnswer => {
  const last = comments.at(-1)
  const nextCursor = more && last !== undefined
    ? encodeCursor(list, order, { createdAt: Timestamp.make(last.createdAt.getTime()), id: last.id })
    : null
  return answer({ items: comments.map(commentJson), nextCursor, count }, nextCursor)
}

/** `Comment` of the contract. Its tag is its version, as it is in the answers of commands. */
export const commentAnswer = (comment: CommentView): CachedAnswer => ({
  body: encodeJson(commentJson(comment)),
  etag: `"${comment.version}"`,
  nextCursor: null
})

/** `CommentHistory` of the contract. */
export const historyAnswer = ({ entries }: FoundHistory): CachedAnswer =>
  answer({
    items: entries.map(({ at, text, type, version }) =>
      text === null ? { version, type, at } : { version, type, at, text }
    )
  })

/** `PictureCount` of the contract. */
export const pictureCountAnswer = ({ count, pictureId }: CountedPicture): CachedAnswer => answer({ pictureId, count })

/** `PictureCounts` of the contract. */
export const pictureCountsAnswer = (counts: ReadonlyArray<CountedPicture>): CachedAnswer =>
  answer({ items: counts.map(({ count, pictureId }) => ({ pictureId, count })) })
