import type { CommentState } from "../../domain/CommentState.ts"
import { versionOf } from "../../domain/CommentState.ts"
import { evolve } from "../../domain/evolve.ts"
import type { CommentId } from "../../domain/ids.ts"
import type { Commit } from "../Commit.ts"

/** Only this floor can make one: its type has a part that neither an object literal nor a spread has. */
export class Head {
  declare protected readonly isMadeByTheStore: true
  readonly stream: CommentId
  /** The version of the stream's last event, 0 for a stream that has none. */
  readonly version: number
  /** The fold of the stream's events up to `version`. */
  readonly state: CommentState
  /** How many commits end the stream without a snapshot in them. */
  readonly commitsSinceSnapshot: number

  constructor(stream: CommentId, state: CommentState, commitsSinceSnapshot: number) {
    this.stream = stream
    this.version = versionOf(state)
    this.state = state
    this.commitsSinceSnapshot = commitsSinceSnapshot
  }
}

export const makeHead = (stream: CommentId, state: CommentState, commitsSinceSnapshot: number): Head =>
  new Head(stream, state, commitsSinceSnapshot)

/** The state after a commit on this head. */
export const stateAfter = (head: Head, commit: Commit): CommentState => commit.events.reduce(evolve, head.state)
