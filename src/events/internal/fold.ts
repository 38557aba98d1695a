import * as Data from "effect/Data"
import * as Result from "effect/Result"
import { absent, type CommentState } from "../../domain/CommentState.ts"
import { evolve } from "../../domain/evolve.ts"
import type { CommentId, Version } from "../../domain/ids.ts"
import type { EncodedCommit } from "../Commit.ts"
import { decodeCommit } from "../EventCodec.ts"
import type { CommitUndecodable } from "../EventStore.ts"
import { decodeSnapshot } from "../SnapshotCodec.ts"
import { type Head, makeHead } from "./head.ts"

/** What the newest commits of a stream tell of its head. */
export type Folded = Data.TaggedEnum<{
  Complete: { readonly head: Head }
  /** None of them has a snapshot that can be used: older ones are needed, those before this version. */
  NeedsOlder: { readonly before: Version }
  /** The events from this version on, up to some later one that was read, are missing from what was read. */
  Gap: { readonly missing: number }
}>
export const Folded = Data.taggedEnum<Folded>()

const missingIn = (newestFirst: ReadonlyArray<EncodedCommit>, from: number): number | null => {
  for (let index = Math.max(from, 1); index < newestFirst.length; index++) {
    const older = newestFirst[index]
    const newer = newestFirst[index - 1]
    if (older !== undefined && newer?.version !== older.lastVersion + 1) return older.lastVersion + 1
  }
  return null
}

const replay = (
  from: CommentState,
  newestFirst: ReadonlyArray<EncodedCommit>
): Result.Result<CommentState, CommitUndecodable> => {
  let state = from
  for (const encoded of newestFirst.toReversed()) {
    const commit = decodeCommit(encoded)
    if (Result.isFailure(commit)) return Result.fail(commit.failure)
    state = commit.success.events.reduce(evolve, state)
  }
  return Result.succeed(state)
}

/**
 * Folds the newest commits of a stream, the newest first: from the newest snapshot of a known schema number, or else from
 * the stream's first commit. Snapshots of other schema numbers are passed over. No commits at all are a stream that
 * doesn't exist. Of the first `examined` commits it is known from an earlier fold that they are contiguous and have no
 * snapshot.
 */
export const fold = (
  stream: CommentId,
  newestFirst: ReadonlyArray<EncodedCommit>,
  examined = 0
): Result.Result<Folded, CommitUndecodable> => {
  const missing = missingIn(newestFirst, examined)
  if (missing !== null) return Result.succeed(Folded.Gap({ missing }))
  for (let index = examined; index < newestFirst.length; index++) {
    const commit = newestFirst[index]
    const snapshot = commit === undefined ? null : decodeSnapshot(commit)
    if (snapshot !== null) {
      return Result.map(
        replay(snapshot, newestFirst.slice(0, index)),
        (state) => Folded.Complete({ head: makeHead(stream, state, index) })
      )
    }
  }
  const oldest = newestFirst.at(-1)
  if (oldest !== undefined && oldest.version > 1) return Result.succeed(Folded.NeedsOlder({ before: oldest.version }))
  return Result.map(
    replay(absent, newestFirst),
    (state) => Folded.Complete({ head: makeHead(stream, state, newestFirst.length) })
  )
}
