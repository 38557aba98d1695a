import * as Result from "effect/Result"
import type { CommentId } from "../domain/ids.ts"
import type { EncodedCommit } from "../events/Commit.ts"
import { decodeCommit } from "../events/EventCodec.ts"
import { countEvents } from "./backlog.ts"
import type { CommentDraft } from "./CommentDraft.ts"
import { draftAt, draw } from "./CommentDraft.ts"
import type { StreamPosition } from "./StreamPosition.ts"

/** A commit that can't be projected. */
export interface Poison {
  readonly stream: CommentId
  /** The first version that can't be projected. */
  readonly version: number
  /** Why: short, and without anything that a person wrote. */
  readonly cause: string
  /** Null where the commit is nothing that could be kept. */
  readonly payload: EncodedCommit | null
}

/** Versions, both ends included. */
export interface VersionRange {
  readonly from: number
  readonly to: number
}

/** Commits of one stream that are to be projected. */
export interface StreamWork {
  readonly stream: CommentId
  /** Oldest first, none of them twice. */
  readonly commits: ReadonlyArray<EncodedCommit>
  /**
   * What the log has been read for, strongly consistent: a version from there that isn't among `commits` isn't in the log
   * either. Null if the log has not been read.
   */
  readonly read: VersionRange | null
  /** Whether a parked stream is to be projected all the same. */
  readonly redrive: boolean
}

/** What is to be done about one stream, standing at a position that nobody can change meanwhile. */
export interface StreamPlan {
  /** Where the stream stood. */
  readonly before: StreamPosition
  /** What the applied events make of the comment. */
  readonly draft: CommentDraft
  /** How many events are new. */
  readonly applied: number
  /** How many events were projected before, or wait because their stream is parked. */
  readonly skipped: number
  /** What stopped the stream here; null if nothing did. */
  readonly poison: Poison | null
  /** Commits behind a gap, which can't be applied before it is healed. */
  readonly rest: ReadonlyArray<EncodedCommit>
  /** Whether the stream was parked, and no longer is. */
  readonly unparks: boolean
}

const drawCommit = (draft: CommentDraft, commit: EncodedCommit): Result.Result<CommentDraft, string> => {
  const decoded = decodeCommit(commit)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure.reason)
  let drawn: Result.Result<CommentDraft, string> = Result.succeed(draft)
  for (const event of decoded.success.events) {
    drawn = Result.flatMap(drawn, (draft) => draw(draft, event))
  }
  return Result.flatMap(drawn, (drawn) =>
    drawn.version === commit.lastVersion
      ? Result.succeed(drawn)
      : Result.fail(`the commit holds other events than versions ${commit.version} to ${commit.lastVersion}`))
}

/**
 * What is to be done about a stream. Drops what the position has passed, takes what follows without a gap, and stops at a
 * commit that can't be projected: it parks the stream, and what comes after it waits in the log. Total.
 */
export const planStream = (before: StreamPosition, work: StreamWork): StreamPlan => {
  const { commits, read, redrive, stream } = work
  let draft = draftAt(before)
  if (before.parked && !redrive) {
    return { before, draft, applied: 0, skipped: countEvents(commits), poison: null, rest: [], unparks: false }
  }
  let skipped = 0
  const planned = (poison: Poison | null, rest: ReadonlyArray<EncodedCommit>): StreamPlan => ({
    before,
    draft,
    applied: draft.version - before.version,
    skipped,
    poison,
    rest,
    unparks: before.parked && poison === null && (draft.version > before.version || rest.length === 0)
  })
  for (const [index, commit] of commits.entries()) {
    const next = draft.version + 1
    if (commit.lastVersion < next) {
      skipped += commit.lastVersion - commit.version + 1
      continue
    }
    if (commit.version > next) {
      const isMissing = read !== null && read.from <= next && next <= read.to
      return isMissing
        ? planned({ stream, version: next, cause: `the log has no version ${next}`, payload: commit }, [])
        : planned(null, commits.slice(index))
    }
    const drawn = drawCommit(draft, commit)
    if (Result.isFailure(drawn)) {
      return planned({ stream, version: next, cause: drawn.failure, payload: commit }, [])
    }
    draft = drawn.success
  }
  return planned(null, [])
}
