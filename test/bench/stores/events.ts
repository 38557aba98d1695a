import { randomUUID } from "node:crypto"
import { textAt } from "../load/model/textPool.ts"
import { authorOf } from "../subject/drafts.ts"
import type { DraftEvent } from "./StoreDriver.ts"

/** When the first event of each stream occurs, in milliseconds since the epoch. */
const begunAt = Date.UTC(2026, 0, 1)

const pictures = 1000

/** The stream of a number within a set, the same in every process. */
export const streamOf = (set: number, number: number): string =>
  `0199a8f0-${set.toString(16).padStart(4, "0")}-7000-8000-${number.toString(16).padStart(12, "0")}`

/** A stream that no process has heard of. */
export const freshStream = (): string => randomUUID()

/** The event of a stream at a version: a comment's post, and then one edit after the other. */
export const draftOf = (stream: string, version: number): DraftEvent => {
  const number = Number.parseInt(stream.slice(-6), 16)
  const author = authorOf(number)
  const text = textAt(number, version)
  return {
    stream,
    version,
    type: version === 1 ? "CommentPosted" : "CommentEdited",
    data: version === 1 ? { pictureId: `picture-${number % pictures}`, authorId: author, text } : { text },
    metadata: {
      id: randomUUID(),
      schema: 1,
      at: begunAt + version,
      by: author,
      command: randomUUID(),
      correlation: randomUUID()
    }
  }
}

/** The state that the rivals fold: what a reader of a comment sees. Ours also remembers the last 16 commands. */
export interface FoldedComment {
  readonly version: number
  readonly pictureId: string
  readonly authorId: string
  readonly text: string
  readonly createdAt: number
  readonly editedAt: number | null
}

/** A comment of which nothing has happened yet. */
export const nothing: FoldedComment = {
  version: 0,
  pictureId: "",
  authorId: "",
  text: "",
  createdAt: 0,
  editedAt: null
}

/** The state after an event. */
export const foldComment = (
  state: FoldedComment,
  { data, metadata, type }: Pick<DraftEvent, "type" | "data" | "metadata">
): FoldedComment =>
  type === "CommentPosted"
    ? {
      version: state.version + 1,
      pictureId: data.pictureId ?? "",
      authorId: data.authorId ?? "",
      text: data.text,
      createdAt: metadata.at,
      editedAt: null
    }
    : { ...state, version: state.version + 1, text: data.text, editedAt: metadata.at }
