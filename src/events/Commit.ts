import * as Arr from "effect/Array"
import type { CommentEvent, RecordedEvent } from "../domain/CommentEvent.ts"
import type { AuthorId, CommandId, CommentId, CommitId, CorrelationId, EventId, Fingerprint } from "../domain/ids.ts"
import { Timestamp, Version } from "../domain/ids.ts"
import type { Head } from "./Head.ts"

/** The events that one command appended: stored together or not at all. Their versions are contiguous. */
export interface Commit {
  readonly id: CommitId
  readonly stream: CommentId
  readonly events: Arr.NonEmptyReadonlyArray<RecordedEvent>
}

/**
 * A commit as it lies in the log, not decoded: whoever reads the log gets past an event that it can't decode, and can
 * say which one it was.
 */
export interface EncodedCommit {
  readonly id: CommitId
  readonly stream: CommentId
  /** The version of the first event. */
  readonly version: Version
  /** The version of the last event. */
  readonly lastVersion: Version
  /** JSON values, one for each event, as `EventCodec` writes them. */
  readonly events: ReadonlyArray<unknown>
  /** A JSON value as `SnapshotCodec` writes it: the state after the commit; null where there is none. */
  readonly snapshot: unknown
}

/** Where the events of a commit come from, the same for all of them. */
export interface CommitOrigin {
  readonly commitId: CommitId
  /** One fresh id for each event. */
  readonly eventIds: Arr.NonEmptyReadonlyArray<EventId>
  readonly commandId: CommandId
  readonly fingerprint: Fingerprint | null
  readonly actor: AuthorId
  readonly correlationId: CorrelationId
  readonly traceParent: string | null
  /** What the clock says, in milliseconds since the epoch. Parts of one are left out. */
  readonly now: number
}

/**
 * The commit that records what was decided on `head`: versions follow it, and no event occurs before its predecessor in
 * the stream even where the clock went back.
 */
export const record = (
  head: Head,
  events: Arr.NonEmptyReadonlyArray<CommentEvent>,
  origin: CommitOrigin
): Commit => {
  const { actor, commandId, commitId, correlationId, eventIds, fingerprint, now, traceParent } = origin
  const read = Math.floor(now)
  const occurredAt = Timestamp.make(head.state._tag === "Absent" ? read : Math.max(read, head.state.changedAt))
  return {
    id: commitId,
    stream: head.stream,
    events: Arr.map(Arr.zip(events, eventIds), ([body, id], index): RecordedEvent => ({
      id,
      stream: head.stream,
      version: Version.make(head.version + 1 + index),
      occurredAt,
      actor,
      commandId,
      fingerprint,
      correlationId,
      traceParent,
      body
    }))
  }
}
