import { Option, Schema } from "effect"
import type { CommentId } from "../../../src/domain/ids.ts"
import type { History, LoggedCommit } from "../history/History.ts"
import { after, type Comment, type Happened, nothingYet } from "./model.ts"
import { promises, type Report } from "./promises.ts"

const StoredEvent = Schema.Struct({
  type: Schema.Literals(["CommentPosted", "CommentEdited", "CommentDeleted"]),
  at: Schema.Int,
  by: Schema.String,
  command: Schema.String,
  correlation: Schema.String,
  data: Schema.Struct({
    pictureId: Schema.optionalKey(Schema.String),
    authorId: Schema.optionalKey(Schema.String),
    text: Schema.optionalKey(Schema.String),
    by: Schema.optionalKey(Schema.Literals(["author", "moderator"]))
  })
})
const decode = Schema.decodeUnknownOption(StoredEvent)

const happened = (raw: unknown, version: number): Happened | null => {
  const decoded = decode(raw)
  if (Option.isNone(decoded)) return null
  const { at, by, command, correlation, data, type } = decoded.value
  const { authorId: author = null, by: deletedAs = null, pictureId: picture = null, text = null } = data
  const isWhole = type === "CommentPosted"
    ? picture !== null && author !== null && text !== null
    : type === "CommentEdited"
    ? text !== null
    : deletedAs !== null
  return isWhole ? { version, type, at, by, command, correlation, picture, author, text, deletedAs } : null
}

/** A commit that could be read. */
export interface Commit {
  readonly id: string
  readonly stream: CommentId
  readonly first: number
  readonly last: number
  readonly events: ReadonlyArray<Happened>
  /** The tick at which it landed; null where nobody saw it. */
  readonly landed: number | null
  /** Whether clients of this run must have asked for it. */
  readonly needsClient: boolean
}

/** A comment's log, and what becomes of the comment with each of its versions. */
export interface Stream {
  readonly id: CommentId
  readonly commits: ReadonlyArray<Commit>
  /** `events[n]` makes version n + 1. */
  readonly events: ReadonlyArray<Happened>
  /** `comments[n]` is the comment at version n. */
  readonly comments: ReadonlyArray<Comment>
  /** The first version that nothing is promised of but that it parks the stream; Infinity for none. */
  readonly poisonedAt: number
  /** The tick from which on that version was there: before it everything is promised. -Infinity where nobody saw it come. */
  readonly plantedAt: number
}

/** Whether an answer that ended at a tick, when a stream was at most at a version, may come of what nothing is promised of. */
export const mayMeetPoison = ({ plantedAt, poisonedAt }: Stream, highest: number, ended: number): boolean =>
  highest >= poisonedAt - 1 && ended > plantedAt

const readCommit = (logged: LoggedCommit, poisonedAt: number, isForeign: boolean): Commit | null => {
  const { events: raw, id, lastVersion, stream, version } = logged.commit
  const events: Array<Happened> = []
  for (const one of raw) {
    const event = happened(one, version + events.length)
    if (event === null) return null
    events.push(event)
  }
  if (events.length === 0 || lastVersion - version + 1 !== events.length) return null
  return {
    id,
    stream,
    first: version,
    last: lastVersion,
    events,
    landed: logged.landed?.tick ?? null,
    needsClient: !isForeign && version < poisonedAt
  }
}

const canFollow = (comment: Comment, { events }: Commit): boolean =>
  events.reduce<Comment | null>((before, event) => before === null ? null : after(before, event), comment) !== null

const streamOf = (id: CommentId, logged: ReadonlyArray<LoggedCommit>, history: History, report: Report): Stream => {
  const poison = history.poisoned.get(id)
  const poisonedAt = poison?.version ?? Infinity
  const plantedAt = poison === undefined ? Infinity : poison.planted?.tick ?? -Infinity
  const ordered = logged.toSorted((one, other) => one.commit.version - other.commit.version)
  const commits: Array<Commit> = []
  const events: Array<Happened> = []
  let comment = nothingYet(id)
  const comments = [comment]
  for (const one of ordered) {
    const commit = readCommit(one, poisonedAt, history.foreign.has(one.commit.id))
    if (commit === null) {
      if (one.commit.version < poisonedAt) {
        report(promises.readable, `${id} at ${one.commit.version}: ${JSON.stringify(one.commit.events)}`)
      }
      break
    }
    // What can't be projected isn't judged, nor is what follows it.
    if (commit.first >= poisonedAt && !canFollow(comment, commit)) break
    commits.push(commit)
    for (const event of commit.events) {
      if (event.version !== comment.version + 1) {
        report(promises.contiguous, `${id} has version ${event.version} after ${comment.version}`)
      }
      if (event.at < (events.at(-1)?.at ?? event.at)) {
        report(promises.timeGoesOn, `${id} at ${event.version}: ${event.at} after ${events.at(-1)?.at}`)
      }
      const next = after(comment, event)
      if (next === null && event.version === comment.version + 1) {
        report(promises.decidedThere, `${id}: ${event.type} can't be version ${event.version}`)
      }
      // The rest is judged as if it followed.
      comment = next ?? { ...comment, version: comment.version + 1 }
      events.push(event)
      comments.push(comment)
    }
  }
  return { id, commits, events, comments, poisonedAt, plantedAt }
}

/** The log by streams, as far as it can be read. Reports what can't, gaps, and times that go back. */
export const readLog = (history: History, report: Report): ReadonlyMap<CommentId, Stream> => {
  const grouped = Map.groupBy(history.log, ({ commit }) => commit.stream)
  return new Map(Array.from(grouped, ([id, logged]) => [id, streamOf(id, logged, history, report)]))
}
