import { Arbitrary, Array } from "effect"
import { CommentEvent } from "../../src/domain/CommentEvent.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import {
  AuthorId,
  CommandId,
  CommentId,
  CommitId,
  CorrelationId,
  EventId,
  PictureId,
  Timestamp,
  Version
} from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { elementOf, integer } from "./arbitraries.ts"

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, "0")

/** The stream of this number. */
export const stream = (n: number): CommentId => CommentId.make(`0199a8f0-0000-7000-8000-${hex(n, 12)}`)

export const sunset = PictureId.make("sunset-42")
export const harbour = PictureId.make("harbour-7")
export const ana = AuthorId.make("ana")
export const bruno = AuthorId.make("bruno")

export const posted = (text: string, pictureId = sunset, authorId = ana): CommentEvent =>
  CommentEvent.cases.CommentPosted.make({ pictureId, authorId, text: CommentText.make(text) })
export const edited = (text: string): CommentEvent =>
  CommentEvent.cases.CommentEdited.make({ text: CommentText.make(text) })
export const deleted: CommentEvent = CommentEvent.cases.CommentDeleted.make({ by: "author" })

/** When version `version` of any stream here occurred. */
export const timeOf = (version: number): Timestamp => Timestamp.make(1_700_000_000_000 + version * 1000)

/** A commit of some events, from `version` on, as it lies in the log. The same arguments give the same commit. */
export const commit = (
  stream: CommentId,
  version: number,
  ...events: Array.NonEmptyReadonlyArray<CommentEvent>
): EncodedCommit => {
  const place = `${hex(version, 4)}-7000-8000-${stream.slice(-12)}`
  return encodeCommit({
    id: CommitId.make(`00000000-${place}`),
    stream,
    events: Array.map(events, (body, index) => ({
      id: EventId.make(`00000001-${hex(version + index, 4)}-7000-8000-${stream.slice(-12)}`),
      stream,
      version: Version.make(version + index),
      occurredAt: timeOf(version + index),
      actor: ana,
      commandId: CommandId.make(`00000002-${place}`),
      fingerprint: null,
      correlationId: CorrelationId.make("a-test"),
      traceParent: null,
      body
    }))
  })
}

/** The commits of a whole stream, in order. */
export const history = (
  stream: CommentId,
  ...commits: ReadonlyArray<Array.NonEmptyReadonlyArray<CommentEvent>>
): ReadonlyArray<EncodedCommit> => {
  let version = 1
  return commits.map((events) => {
    const encoded = commit(stream, version, ...events)
    version += events.length
    return encoded
  })
}

const life = Arbitrary.all({
  picture: elementOf(sunset, harbour),
  author: elementOf(ana, bruno),
  // How many edits each commit after the first has.
  edits: Arbitrary.array(integer(1, 3), { maxLength: 4 }),
  isDeleted: elementOf(false, true)
})

/** All the commits of some comments on few pictures, by few authors: posted, perhaps edited, perhaps deleted. */
export const logs: Arbitrary.Arbitrary<ReadonlyArray<EncodedCommit>> = Arbitrary.map(
  Arbitrary.array(life, { minLength: 1, maxLength: 6 }),
  (lives) =>
    lives.flatMap(({ author, edits, isDeleted, picture }, n) =>
      history(
        stream(n),
        [posted(`comment ${n}`, picture, author)],
        ...edits.map((count, at): [CommentEvent, ...Array<CommentEvent>] => [
          edited(`edit ${at}`),
          ...Array.makeBy(count, (nth) => edited(`edit ${at}.${nth}`)).slice(1)
        ]),
        ...(isDeleted ? [[deleted] as const] : [])
      )
    )
)
