import { CommentEvent } from "../../../src/domain/CommentEvent.ts"
import { CommentText } from "../../../src/domain/CommentText.ts"
import {
  type AuthorId,
  CommandId,
  CommentId,
  CommitId,
  CorrelationId,
  EventId,
  Timestamp,
  Version
} from "../../../src/domain/ids.ts"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { encodeCommit, type EncodedEvents } from "../../../src/events/EventCodec.ts"
import type { Chance } from "../kernel/Chance.ts"

/** A UUID that the seed decides. */
export const someUuid = (chance: Chance): string => {
  const hex = Array.from({ length: 31 }, () => chance.integer(0, 15).toString(16)).join("")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`
}

// What can be posted, and can be nothing else.
const posted = { pictureId: "sunset-42", authorId: "author-1", text: "planted" }

/** Where a commit is put. */
export interface Place {
  readonly stream: CommentId
  readonly version: number
  readonly at: number
  readonly by: AuthorId
}

/** A commit of one event, as a program would write it. */
export const plain = (chance: Chance, { at, by, stream, version }: Place, body: CommentEvent): EncodedEvents =>
  encodeCommit({
    id: CommitId.make(someUuid(chance)),
    stream,
    events: [{
      id: EventId.make(someUuid(chance)),
      stream,
      version: Version.make(version),
      occurredAt: Timestamp.make(at),
      actor: by,
      commandId: CommandId.make(someUuid(chance)),
      fingerprint: null,
      correlationId: CorrelationId.make("nobody-asked"),
      traceParent: null,
      body
    }]
  })

export const editedTo = (text: string): CommentEvent =>
  CommentEvent.cases.CommentEdited.make({ text: CommentText.make(text) })

/** What this version of the program can't decode, or can't make anything of, or can't store, in the place of something good. */
export const spoiled = (chance: Chance, commit: EncodedEvents): EncodedCommit => {
  const [event] = commit.events
  return {
    ...commit,
    events: [chance.pick<unknown>([
      { ...event, type: "CommentPraised" },
      { ...event, schema: 99 },
      { ...event, data: {} },
      null,
      // Good for the log, and no text for the database.
      { ...event, data: { ...event.data, text: "a NUL: \u0000" } },
      { ...event, data: { ...event.data, text: "a NUL: \u0000" } },
      { ...event, type: commit.version > 1 ? "CommentPosted" : "CommentEdited", data: posted }
    ])]
  }
}

/** A stream that nobody's client knows. */
export const freshStream = (chance: Chance): CommentId => CommentId.make(someUuid(chance))
