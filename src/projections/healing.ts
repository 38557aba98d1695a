import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { CommentId } from "../domain/ids.ts"
import { Version } from "../domain/ids.ts"
import type { EncodedCommit } from "../events/Commit.ts"
import type { EventStore } from "../events/EventStore.ts"
import { inOrder } from "./backlog.ts"
import type { StreamWork } from "./plan.ts"

/** How much is read from the event store at once to fill gaps. */
export class HealingLimits extends Context.Reference<{
  /** The most commits of one stream. A larger gap is projected piece by piece, each in a transaction of its own. */
  readonly commits: number
  /** The most streams. Others with a gap wait for their turn. */
  readonly streams: number
}>("marginalia/projections/HealingLimits", { defaultValue: () => ({ commits: 100, streams: 8 }) }) {}

/**
 * Work on a stream from `version` on: what has been delivered of it, and what the log, read strongly consistent, has
 * before that.
 */
export const readForward = Effect.fnUntraced(function*(
  store: EventStore["Service"],
  stream: CommentId,
  version: number,
  delivered: ReadonlyArray<EncodedCommit>
) {
  const { commits: limit } = yield* HealingLimits
  const read = yield* store.readStream(stream, { from: Version.make(version + 1), limit })
  const last = read.at(-1)
  return {
    stream,
    commits: inOrder([...read, ...delivered]),
    // Fewer commits than asked for are the stream's end.
    read: { from: version + 1, to: last === undefined || read.length < limit ? Infinity : last.lastVersion },
    redrive: false
  } satisfies StreamWork
})
