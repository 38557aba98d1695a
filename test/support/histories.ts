import { Arbitrary, type Array } from "effect"
import type { CommentEvent } from "../../src/domain/CommentEvent.ts"
import { absent } from "../../src/domain/CommentState.ts"
import type { CommentId, EventId, Fingerprint } from "../../src/domain/ids.ts"
import type { Commit, CommitOrigin } from "../../src/events/Commit.ts"
import { record } from "../../src/events/Commit.ts"
import type { Head } from "../../src/events/Head.ts"
import { makeHead, stateAfter } from "../../src/events/internal/head.ts"
import * as Arbitraries from "./arbitraries.ts"

/** A stream as somebody could have written it: its commits in order, and the head after each of them. */
export interface History {
  readonly stream: CommentId
  readonly commits: ReadonlyArray<Commit>
  /** `heads[n]` is the head after `n` commits, so there is one more than there are commits. */
  readonly heads: Array.NonEmptyReadonlyArray<Head>
}

// Enough event ids for three events, which is the most that one commit gets here.
const origin: Arbitrary.Arbitrary<CommitOrigin> = Arbitrary.all({
  commitId: Arbitraries.commitId,
  eventIds: Arbitrary.map(
    Arbitrary.all([Arbitraries.eventId, Arbitraries.eventId, Arbitraries.eventId]),
    (ids): Array.NonEmptyReadonlyArray<EventId> => ids
  ),
  commandId: Arbitraries.commandId,
  fingerprint: Arbitraries.oneOf<Fingerprint | null>(Arbitraries.elementOf(null), Arbitraries.fingerprint),
  actor: Arbitraries.authorId,
  correlationId: Arbitraries.correlationId,
  traceParent: Arbitraries.traceParent,
  now: Arbitraries.timestamp
})

interface Write {
  readonly origin: CommitOrigin
  readonly events: Array.NonEmptyReadonlyArray<CommentEvent>
}

const write = (
  first: Arbitrary.Arbitrary<CommentEvent>,
  then: Arbitrary.Arbitrary<ReadonlyArray<CommentEvent>>
): Arbitrary.Arbitrary<Write> =>
  Arbitrary.all({
    origin,
    events: Arbitrary.map(Arbitrary.all([first, then]), ([first, then]): Write["events"] => [first, ...then])
  })

const nothing = Arbitraries.elementOf<ReadonlyArray<CommentEvent>>([])
const edits = Arbitrary.array(Arbitraries.commentEdited, { maxLength: 2 })

/**
 * The history of one comment: posted, perhaps edited (more often than a comment remembers commands), perhaps deleted.
 * Commits of several events are part of it, and so are clocks that go back.
 */
export const historyOf = (stream: CommentId): Arbitrary.Arbitrary<History> =>
  Arbitrary.all({
    posted: write(Arbitraries.commentPosted, Arbitraries.oneOf(nothing, edits)),
    edited: Arbitrary.array(write(Arbitraries.commentEdited, edits), { maxLength: 24 }),
    deleted: Arbitrary.array(write(Arbitraries.commentDeleted, nothing), { maxLength: 1 })
  }).pipe(
    Arbitrary.map(({ deleted, edited, posted }) => {
      let head = makeHead(stream, absent, 0)
      const heads: Array.NonEmptyArray<Head> = [head]
      const commits = [posted, ...edited, ...deleted].map(({ events, origin }) => {
        const commit = record(head, events, origin)
        head = makeHead(stream, stateAfter(head, commit), 0)
        heads.push(head)
        return commit
      })
      return { stream, commits, heads }
    })
  )

export const history: Arbitrary.Arbitrary<History> = Arbitrary.flatMap(Arbitraries.commentId, historyOf)
