import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Buffer } from "node:buffer"
import type { ActiveComment, CommentState, DeletedComment } from "../domain/CommentState.ts"
import { AcceptedCommand, rememberedCommands } from "../domain/CommentState.ts"
import { AuthorId, PictureId, Timestamp } from "../domain/ids.ts"
import type { EncodedCommit } from "./Commit.ts"
import { StoredEvent } from "./EventCodec.ts"
import { packCommands, unpackCommands } from "./internal/packedCommands.ts"
import { StoredText } from "./internal/storedText.ts"

/**
 * The state after a commit, as JSON inside the commit. It has to share 1 KB with the events, so what the last of them says
 * anyway isn't said again: when, by which command, and mostly by whom and which text. What it says is read as it lies in
 * the log, under whichever schema number. A state that can't be told in this way gets no snapshot.
 */
export const StoredSnapshot = Schema.Struct({
  schema: Schema.Literal(1),
  picture: PictureId,
  /** Left out if it is `by` of the last event. */
  author: Schema.optionalKey(AuthorId),
  /** Left out if it is `data.text` of the last event, or the comment is deleted. */
  text: Schema.optionalKey(StoredText),
  deleted: Schema.optionalKey(Schema.Literal(true)),
  /**
   * In base64url: 6 bytes of `createdAt`, and the commands: the one that posted the comment, then the accepted ones that
   * aren't it, without the last event's.
   */
  packed: Schema.String
})
export type StoredSnapshot = typeof StoredSnapshot.Type

const timeBytes = 6
const latestTime = 2 ** 47 - 1

const LastEvent = Schema.Struct({
  ...StoredEvent.fields,
  data: Schema.Struct({ text: Schema.optionalKey(StoredText) })
})

const decodeStored = Schema.decodeUnknownOption(StoredSnapshot)
const decodeLast = Schema.decodeUnknownOption(LastEvent)
const decodeCommands = Schema.decodeUnknownOption(Schema.NonEmptyArray(AcceptedCommand))

type Commands = Arr.NonEmptyReadonlyArray<AcceptedCommand>

const isSame = (one: AcceptedCommand, other: AcceptedCommand): boolean =>
  one.id === other.id && one.version === other.version && one.fingerprint === other.fingerprint

// The first command is the one that posted the comment. If it appended more than the first event, then the second is it
// again, with the version that it brought the comment to.
const acceptedOf = (commands: Commands): ReadonlyArray<AcceptedCommand> =>
  (commands[1]?.id === commands[0].id ? commands.slice(1) : commands).slice(-rememberedCommands)

const editedAtOf = (posted: AcceptedCommand, version: number, changedAt: Timestamp): Timestamp | null =>
  posted.version === version ? null : changedAt

/** The snapshot of a state inside the commit of `events` that led to it; null for a state that can't be told so. */
export const encodeSnapshot = (
  state: CommentState,
  events: Arr.NonEmptyReadonlyArray<StoredEvent>
): StoredSnapshot | null => {
  if (state._tag === "Absent" || !Arr.isReadonlyArrayNonEmpty(state.accepted)) return null
  const { accepted, authorId, changedAt, createdAt, pictureId, posted, version } = state
  const last = Arr.lastNonEmpty(events)
  const commands: Commands = isSame(accepted[0], posted) ? accepted : [posted, ...accepted]
  const tellable = Math.abs(createdAt) <= latestTime &&
    changedAt === last.at &&
    (state._tag === "Deleted" || state.editedAt === editedAtOf(posted, version, changedAt)) &&
    isSame(Arr.lastNonEmpty(commands), { id: last.command, version, fingerprint: last.fingerprint ?? null }) &&
    Arr.makeEquivalence(isSame)(acceptedOf(commands), accepted)
  if (!tellable) return null
  const packed = packCommands(commands.slice(0, -1), version)
  const time = Buffer.allocUnsafe(timeBytes)
  time.writeIntBE(createdAt, 0, timeBytes)
  return {
    schema: 1,
    picture: pictureId,
    ...(authorId === last.by ? {} : { author: authorId }),
    ...(state._tag === "Deleted" || state.text === last.data["text"] ? {} : { text: state.text }),
    ...(state._tag === "Deleted" ? { deleted: true } : {}),
    packed: Buffer.concat([time, packed]).toString("base64url")
  }
}

/**
 * The state after a commit, if it has a snapshot of a known schema number that decodes: otherwise null, never an error, for
 * whatever a snapshot says can be had from the events.
 */
export const decodeSnapshot = (commit: EncodedCommit): ActiveComment | DeletedComment | null => {
  const snapshot = Option.getOrNull(decodeStored(commit.snapshot))
  const last = snapshot === null ? null : Option.getOrNull(decodeLast(commit.events.at(-1)))
  if (snapshot === null || last === null) return null
  const bytes = Buffer.from(snapshot.packed, "base64url")
  if (bytes.length < timeBytes || bytes.toString("base64url") !== snapshot.packed) return null
  const version = commit.lastVersion
  const unpacked = unpackCommands(bytes.subarray(timeBytes), version)
  if (unpacked === null) return null
  const lastCommand = { id: last.command, version, fingerprint: last.fingerprint ?? null }
  const commands = Option.getOrNull(decodeCommands([...unpacked, lastCommand]))
  if (commands === null) return null
  const posted = commands[0]
  const known = {
    pictureId: snapshot.picture,
    authorId: snapshot.author ?? last.by,
    version,
    createdAt: Timestamp.make(bytes.readIntBE(0, timeBytes)),
    changedAt: last.at,
    posted,
    accepted: acceptedOf(commands)
  }
  if (snapshot.deleted === true) return { _tag: "Deleted", ...known }
  const text = snapshot.text ?? last.data.text
  return text === undefined
    ? null
    : { _tag: "Active", ...known, text, editedAt: editedAtOf(posted, version, last.at) }
}
