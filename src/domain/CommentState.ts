import * as Schema from "effect/Schema"
import { CommentText } from "./CommentText.ts"
import { AuthorId, CommandId, Fingerprint, PictureId, Timestamp, Version } from "./ids.ts"

/** How many accepted commands a comment remembers, to recognise their retries. */
export const rememberedCommands = 16

/** A command that changed the comment, and the version of its last event. */
export const AcceptedCommand = Schema.Struct({
  id: CommandId,
  version: Version,
  fingerprint: Schema.NullOr(Fingerprint)
})
export type AcceptedCommand = typeof AcceptedCommand.Type

const known = {
  pictureId: PictureId,
  authorId: AuthorId,
  version: Version,
  createdAt: Timestamp,
  /** When the stream's last event occurred: no later event may occur before it. */
  changedAt: Timestamp,
  /** The command that posted the comment. Its retries are recognised for ever. */
  posted: AcceptedCommand,
  /** The last accepted commands, oldest first, at most `rememberedCommands`. */
  accepted: Schema.Array(AcceptedCommand)
}

/** All that `decide` needs to know of a comment. The fold of its events; what a snapshot stores. */
export const CommentState = Schema.TaggedUnion({
  Absent: {},
  Active: { ...known, text: CommentText, editedAt: Schema.NullOr(Timestamp) },
  Deleted: known
})
export type CommentState = typeof CommentState.Type
export type ActiveComment = (typeof CommentState.cases.Active)["Type"]
export type DeletedComment = (typeof CommentState.cases.Deleted)["Type"]

/** A comment of which nothing has happened yet. */
export const absent: CommentState = { _tag: "Absent" }

/** The version of the last event, 0 before the first. */
export const versionOf: (state: CommentState) => number = CommentState.match({
  Absent: () => 0,
  Active: ({ version }) => version,
  Deleted: ({ version }) => version
})
