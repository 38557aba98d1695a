import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { hash } from "node:crypto"
import { CommentId, Timestamp } from "../domain/ids.ts"
import { hexOfUuid, uuidFromHex } from "../domain/uuidHex.ts"
import { CommentList } from "./CommentList.ts"
import type { PageOrder } from "./CommentList.ts"

/** A place in a list: the comment that ended a page. The next page begins after it, whether or not it is still there. */
export interface PagePosition {
  readonly createdAt: Timestamp
  readonly id: CommentId
}

/** A cursor that this list never gave out in this order. */
export class InvalidCursor extends Schema.TaggedError<InvalidCursor>()("InvalidCursor", {
  reason: Schema.Literals(["malformed", "of another list or order"])
}) {}

// One byte for the format, eight of the list's digest, eight for the time, sixteen for the id: 33 bytes, which base64url
// writes in 44 characters with no bit to spare, so that no two texts mean the same cursor.
const format = 1
const [digestAt, timeAt, idAt, length] = [1, 9, 17, 33]
const wellFormed = /^[A-Za-z0-9_-]{44}$/

/** The years 0000 to 9999: what both an ISO 8601 time and a Postgres timestamp can say. */
const [earliest, latest] = [-62_167_219_200_000, 253_402_300_799_999]

const isCommentId = Schema.is(CommentId)

const digestOf = (list: CommentList, order: PageOrder): Buffer => {
  const name = CommentList.$match(list, {
    OfPicture: ({ picture }) => `${order} of picture ${picture}`,
    OfAuthor: ({ author }) => `${order} of author ${author}`
  })
  return hash("sha256", name, "buffer").subarray(0, timeAt - digestAt)
}

/** The cursor that leads on from `position`, in this list and order and in no other. Safe in a URL. */
export const encodeCursor = (list: CommentList, order: PageOrder, position: PagePosition): string => {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt8(format, 0)
  digestOf(list, order).copy(bytes, digestAt)
  bytes.writeBigInt64BE(BigInt(position.createdAt), timeAt)
  bytes.write(hexOfUuid(position.id), idAt, "hex")
  return bytes.toString("base64url")
}

/** Reads a cursor back, if `encodeCursor` wrote it for this list and order. */
export const decodeCursor = (
  list: CommentList,
  order: PageOrder,
  cursor: string
): Result.Result<PagePosition, InvalidCursor> => {
  if (!wellFormed.test(cursor)) return Result.fail(new InvalidCursor({ reason: "malformed" }))
  const bytes = Buffer.from(cursor, "base64url")
  const createdAt = Number(bytes.readBigInt64BE(timeAt))
  const id = uuidFromHex(bytes.toString("hex", idAt))
  if (bytes[0] !== format || createdAt < earliest || createdAt > latest || !isCommentId(id)) {
    return Result.fail(new InvalidCursor({ reason: "malformed" }))
  }
  return bytes.subarray(digestAt, timeAt).equals(digestOf(list, order))
    ? Result.succeed({ createdAt: Timestamp.make(createdAt), id })
    : Result.fail(new InvalidCursor({ reason: "of another list or order" }))
}
