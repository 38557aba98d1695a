import * as Effect from "effect/Effect"
import { type CommentId, Version } from "../../domain/ids.ts"
import type { EncodedCommit } from "../Commit.ts"
import { CommitUndecodable, type Consistency } from "../EventStore.ts"
import { snapshotEvery } from "../snapshotPolicy.ts"
import { fold, Folded } from "./fold.ts"
import type { Head } from "./head.ts"

/**
 * One query of a store: commits of a stream, the newest first, at most `limit` of them, those before a version if one is
 * given.
 */
export type ReadNewest<E> = (query: {
  readonly stream: CommentId
  readonly before: Version | null
  readonly limit: number
  readonly consistency: Consistency
}) => Effect.Effect<ReadonlyArray<EncodedCommit>, E>

/**
 * The head of a stream, in one query however long the stream is: one of its last commits has a snapshot, or they are all
 * there are. Only where a snapshot is of another schema number are older commits read, as many as it takes. If commits
 * are missing between those that were read, the load begins again with strongly consistent queries; if they are missing
 * then, the log is damaged.
 */
export const loadHead = Effect.fnUntraced(function*<E>(
  read: ReadNewest<E>,
  stream: CommentId,
  consistency: Consistency
): Effect.fn.Return<Head, E | CommitUndecodable> {
  const commits: Array<EncodedCommit> = []
  let before: Version | null = null
  while (true) {
    const examined = commits.length
    commits.push(...(yield* read({ stream, before, limit: snapshotEvery, consistency })))
    const folded: Folded = before !== null && commits.length === examined
      ? Folded.Gap({ missing: before - 1 })
      : yield* Effect.fromResult(fold(stream, commits, examined))
    if (folded._tag === "Complete") return folded.head
    if (folded._tag === "NeedsOlder") {
      before = folded.before
      continue
    }
    if (consistency === "eventual") return yield* loadHead(read, stream, "strong")
    const version = Version.make(folded.missing)
    return yield* new CommitUndecodable({ stream, version, reason: "no commit holds this version" })
  }
})
