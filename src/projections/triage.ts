import type { CommentId, PictureId } from "../domain/ids.ts"
import type { EncodedCommit } from "../events/Commit.ts"
import type { Backlog } from "./backlog.ts"
import { after, countEvents, hasGap } from "./backlog.ts"
import type { StreamWork } from "./plan.ts"
import type { Positions } from "./StreamPosition.ts"
import { positionOf } from "./StreamPosition.ts"

/** A stream of which commits are missing before, or between, those that were delivered. */
export interface GappedStream {
  readonly stream: CommentId
  /** The version that the read model has reached. */
  readonly version: number
  readonly commits: ReadonlyArray<EncodedCommit>
}

/** A backlog, held against the positions. They may be old by now: what counts is what is seen under their lock. */
export interface Triage {
  readonly ready: ReadonlyArray<StreamWork>
  readonly gapped: ReadonlyArray<GappedStream>
  /** How many events need nothing any more: they were projected before, or their stream is parked. */
  readonly skipped: number
  /** The pictures of the streams of which something was skipped. */
  readonly pictures: ReadonlyArray<PictureId>
}

/** Sorts a backlog into what can be projected at once, what needs healing first, and what needs nothing. */
export const triage = (backlog: Backlog, positions: Positions): Triage => {
  const ready: Array<StreamWork> = []
  const gapped: Array<GappedStream> = []
  const pictures: Array<PictureId> = []
  let skipped = 0
  for (const [stream, delivered] of backlog) {
    const { parked, pictureId, version } = positionOf(positions, stream)
    const commits = parked ? [] : after(version, delivered)
    if (commits.length < delivered.length) {
      skipped += countEvents(delivered) - countEvents(commits)
      if (pictureId !== null) pictures.push(pictureId)
    }
    if (commits.length === 0) continue
    if (hasGap(version, commits)) gapped.push({ stream, version, commits })
    else ready.push({ stream, commits, read: null, redrive: false })
  }
  return { ready, gapped, skipped, pictures }
}
