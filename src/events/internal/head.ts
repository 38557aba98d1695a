import type { CommentState } from "../../domain/CommentState.ts"
import { versionOf } from "../../domain/CommentState.ts"
import { evolve } from "../../domain/evolve.ts"
import type { CommentId } from "../../domain/ids.ts"
import type { Commit } from "../Commit.ts"

// Not exported from any other module: without it nobody outside the event store's layers can write down a head.
const HeadTypeId: unique symbol = Symbol("marginalia/events/Head")

export interface Head {
  readonly [HeadTypeId]: typeof HeadTypeId
  readonly stream: CommentId
  /** The version of the stream's last event, 0 for a stream that has none. */
  readonly version: number
  /** The fold of the stream's events up to `version`. */
  readonly state: CommentState
  /** How many commits end the stream without a snapshot in them. */
  readonly commitsSinceSnapshot: number
}

export const makeHead = (stream: CommentId, state: CommentState, commitsSinceSnapshot: number): Head => ({
  [HeadTypeId]: HeadTypeId,
  stream,
  version: versionOf(state),
  state,
  commitsSinceSnapshot
})

/** The state after a commit on this head. */
export const stateAfter = (head: Head, commit: Commit): CommentState => commit.events.reduce(evolve, head.state)
