import { Array } from "effect"
import { randomUUID } from "node:crypto"
import type { CommentEvent } from "../../src/domain/CommentEvent.ts"
import { CommandId, CommentId, CommitId, CorrelationId, EventId } from "../../src/domain/ids.ts"
import type { Commit, CommitOrigin } from "../../src/events/Commit.ts"
import { record } from "../../src/events/Commit.ts"
import type { Head } from "../../src/events/Head.ts"
import { ana } from "./encodedCommits.ts"

/** A stream that nobody has written to. */
export const freshStream = (): CommentId => CommentId.make(randomUUID())

/** What Ana did to the comment, by a fresh command in a fresh commit, a while after the epoch. */
export const commitOn = (
  head: Head,
  events: Array.NonEmptyReadonlyArray<CommentEvent>,
  origin: Partial<CommitOrigin> = {}
): Commit =>
  record(head, events, {
    commitId: CommitId.make(randomUUID()),
    eventIds: Array.map(events, () => EventId.make(randomUUID())),
    commandId: CommandId.make(randomUUID()),
    fingerprint: null,
    actor: ana,
    correlationId: CorrelationId.make("a-test"),
    traceParent: null,
    now: 1_764_000_000_000 + head.version,
    ...origin
  })
