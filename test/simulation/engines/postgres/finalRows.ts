import { AuthorId, CommentId, PictureId } from "../../../../src/domain/ids.ts"
import type { FinalRows } from "../../history/History.ts"
import type { Database } from "./Database.ts"
import type { Value } from "./values.ts"

const text = (value: Value | undefined): string | null => typeof value === "string" ? value : null
const millis = (value: Value | undefined): number | null => value instanceof Date ? value.getTime() : null
const id = (value: Value | undefined) => CommentId.make(String(value))

/** The committed rows of the read model, each table by its key. */
export const finalRows = (database: Database): FinalRows => ({
  comments: database.committed("comments")
    .map(([comment, picture, author, body, version, created, edited, deleted]) => ({
      id: id(comment),
      picture: PictureId.make(String(picture)),
      author: AuthorId.make(String(author)),
      text: text(body),
      version: Number(version),
      created: millis(created) ?? Number.NaN,
      edited: millis(edited),
      deleted: millis(deleted)
    }))
    .toSorted((one, other) => one.id < other.id ? -1 : 1),
  history: database.committed("comment_history")
    .map(([comment, version, type, at, body]) => ({
      id: id(comment),
      version: Number(version),
      type: String(type),
      at: millis(at) ?? Number.NaN,
      text: text(body)
    }))
    .toSorted((one, other) => one.id === other.id ? one.version - other.version : one.id < other.id ? -1 : 1),
  positions: database.committed("stream_positions")
    .map(([stream, version, , , , , , parkedAt]) => ({
      stream: id(stream),
      version: Number(version),
      parked: parkedAt instanceof Date
    }))
    .toSorted((one, other) => one.stream < other.stream ? -1 : 1),
  pictures: new Map(
    database.committed("picture_counts").map(([name, count]) => [PictureId.make(String(name)), Number(count)])
  ),
  authors: new Map(
    database.committed("author_counts").map(([name, count]) => [AuthorId.make(String(name)), Number(count)])
  )
})
