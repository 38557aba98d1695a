import * as Data from "effect/Data"
import type { CommentId } from "../domain/ids.ts"

/** Something in the read model that isn't as the log has it. */
export type Difference = Data.TaggedEnum<{
  /** Events of the stream were never projected, or aren't yet. */
  Behind: { readonly stream: CommentId; readonly head: number; readonly position: number }
  /** The stream waits for an operator: `ops redrive`. */
  Parked: { readonly stream: CommentId; readonly head: number; readonly position: number }
  /** The read model has events that the log doesn't. */
  Ahead: { readonly stream: CommentId; readonly head: number; readonly position: number }
  /** The position is right, but what is there at that version isn't. */
  WrongRows: {
    readonly stream: CommentId
    readonly head: number
    readonly wrong: "comment is missing" | "version" | "text" | "deletion" | "history"
  }
  /** The count isn't the number of comments that can be seen. */
  WrongCount: {
    readonly of: "picture" | "author"
    readonly id: string
    readonly count: number
    readonly comments: number
  }
  /** So many more streams have a position than the log has streams. */
  Unlogged: { readonly streams: number }
}>
export const Difference = Data.taggedEnum<Difference>()

/** The difference as a sentence. It names ids, and nothing that a person wrote. */
export const describeDifference: (difference: Difference) => string = Difference.$match({
  Behind: ({ head, position, stream }) =>
    `${stream} is behind: the log is at version ${head}, the read model at ${position}`,
  Parked: ({ head, position, stream }) => `${stream} is parked at version ${position}, the log is at ${head}`,
  Ahead: ({ head, position, stream }) =>
    `${stream} is ahead: the read model is at version ${position}, the log at ${head}`,
  WrongRows: ({ head, stream, wrong }) => `${stream} is wrong at version ${head}: ${wrong}`,
  WrongCount: ({ comments, count, id, of }) =>
    `${of} ${JSON.stringify(id)} counts ${count}, and has ${comments} comments`,
  Unlogged: ({ streams }) => `${streams} streams have a position, but no commit in the log`
})
