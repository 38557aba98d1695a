import type { CommentId } from "../domain/ids.ts"
import type { EncodedCommit } from "../events/Commit.ts"

/** Commits that wait to be projected, by stream: each stream's oldest first, none of them twice. */
export type Backlog = ReadonlyMap<CommentId, ReadonlyArray<EncodedCommit>>

/** How many events are in these commits, decoded or not. */
export const countEvents = (commits: ReadonlyArray<EncodedCommit>): number =>
  commits.reduce((sum, { lastVersion, version }) => sum + lastVersion - version + 1, 0)

/**
 * Commits of one stream in the order of their versions, without the repetitions. A place in a stream is never written
 * twice, so commits of one version are the same commit.
 */
export const inOrder = (commits: ReadonlyArray<EncodedCommit>): ReadonlyArray<EncodedCommit> =>
  commits
    .toSorted((one, other) => one.version - other.version)
    .filter((commit, index, sorted) => index === 0 || sorted[index - 1]?.version !== commit.version)

/** A batch as it was delivered, in whatever order and with whatever repetitions, as a backlog. */
export const backlogOf = (batch: ReadonlyArray<EncodedCommit>): Backlog => {
  const byStream = Map.groupBy(batch, ({ stream }) => stream)
  return new Map(Array.from(byStream, ([stream, commits]) => [stream, inOrder(commits)]))
}

/** What of a stream's commits follows a version that the read model has already reached. */
export const after = (version: number, commits: ReadonlyArray<EncodedCommit>): ReadonlyArray<EncodedCommit> =>
  commits.filter(({ lastVersion }) => lastVersion > version)

/** Whether events are missing before the first of these commits, or between them. */
export const hasGap = (version: number, commits: ReadonlyArray<EncodedCommit>): boolean => {
  let reached = version
  for (const commit of commits) {
    if (commit.version > reached + 1) return true
    reached = Math.max(reached, commit.lastVersion)
  }
  return false
}
