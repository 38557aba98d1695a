import * as Effect from "effect/Effect"
import type { Commit, EncodedCommit } from "../Commit.ts"
import { bytesOf, maxCommitBytes } from "../commitSize.ts"
import { encodeCommit } from "../EventCodec.ts"
import { CommitTooLarge } from "../EventStore.ts"
import { encodeSnapshot } from "../SnapshotCodec.ts"
import { isSnapshotDue } from "../snapshotPolicy.ts"
import { type Head, makeHead, stateAfter } from "./head.ts"

/** A commit as a store writes it, and the head that the stream has then. */
export interface Writing {
  readonly encoded: EncodedCommit
  /** `encoded.events` as JSON. */
  readonly eventsJson: string
  /** `encoded.snapshot` as JSON; null where there is none. */
  readonly snapshotJson: string | null
  readonly head: Head
}

/** The size of a commit with its snapshot, for a store that pays for bytes which aren't those of JSON. */
export type Measure = (encoded: EncodedCommit) => number

/**
 * What to write for a commit on a head. A commit that wasn't recorded on this head is a mistake of the program.
 *
 * How large a commit may be is a matter of JSON for every store; whether its snapshot is stored, of how the store measures.
 */
export const prepare = (head: Head, commit: Commit, measure?: Measure): Effect.Effect<Writing, CommitTooLarge> =>
  Effect.suspend(() => {
    const events = encodeCommit(commit)
    if (events.stream !== head.stream || events.version !== head.version + 1) {
      return Effect.die(
        new Error(
          `a commit for ${events.stream} from version ${events.version} can't follow ${head.stream} at ${head.version}`
        )
      )
    }
    const eventsJson = JSON.stringify(events.events)
    const bytes = bytesOf(eventsJson)
    if (bytes > maxCommitBytes) {
      return Effect.fail(new CommitTooLarge({ stream: head.stream, bytes, limit: maxCommitBytes }))
    }
    const state = stateAfter(head, commit)
    const { commitsSinceSnapshot } = head
    const snapshot = encodeSnapshot(state, events.events)
    const snapshotJson = snapshot === null ? null : JSON.stringify(snapshot)
    const complete = { ...events, snapshot }
    const isStored = snapshotJson !== null &&
      isSnapshotDue({
        bytes: measure === undefined ? bytes + bytesOf(snapshotJson) : measure(complete),
        commitsSinceSnapshot,
        largest: maxCommitBytes
      })
    return Effect.succeed({
      encoded: isStored ? complete : events,
      eventsJson,
      snapshotJson: isStored ? snapshotJson : null,
      head: makeHead(head.stream, state, isStored ? 0 : commitsSinceSnapshot + 1)
    })
  })
