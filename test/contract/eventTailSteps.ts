import { Array, Effect, Fiber, identity } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import type { EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { EventTail, type TailCheckpoint } from "../../src/events/EventTail.ts"
import { newStream } from "../../src/events/Head.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { append, put } from "./eventStoreSteps.ts"

/** What a follower has got: commits, and where it stood before and after each batch, with the number of commits until there. */
export interface Followed {
  readonly commits: ReadonlyArray<EncodedCommit>
  readonly places: Array.NonEmptyReadonlyArray<{ readonly checkpoint: TailCheckpoint; readonly seen: number }>
}

/** Follows the log from a place until a commit comes by that ends it. The batch that has it is given whole. */
export const follow = Effect.fnUntraced(function*(
  after: TailCheckpoint,
  limit: number,
  isLast: (commit: EncodedCommit) => boolean
): Effect.fn.Return<Followed, EventStoreUnavailable, EventTail> {
  const tail = yield* EventTail
  const commits: Array<EncodedCommit> = []
  const places: Array.NonEmptyArray<Followed["places"][0]> = [{ checkpoint: after, seen: 0 }]
  while (!commits.some(isLast)) {
    const batch = yield* tail.read(Array.lastNonEmpty(places).checkpoint, limit)
    commits.push(...batch.commits)
    places.push({ checkpoint: batch.checkpoint, seen: commits.length })
    if (batch.commits.length === 0) yield* tail.awaitAppend("5 millis")
  }
  return { commits, places }
})

/**
 * Appends a commit, and follows the log up to it: whatever was acknowledged before comes before it, or is lost.
 */
export const followToNow = Effect.fnUntraced(function*(after: TailCheckpoint, limit = 100) {
  const end = commitOn(newStream(freshStream()), [posted("now")])
  yield* put(newStream(end.stream), end)
  return yield* follow(after, limit, ({ id }) => id === end.id)
})

/**
 * Follows the log from a place while others write to it, and until they have written. What they give comes back, with
 * all the commits that came by.
 */
export const followed = Effect.fnUntraced(function*<A, E, R>(
  after: TailCheckpoint,
  limit: number,
  writing: Effect.Effect<A, E, R>
) {
  const end = newStream(freshStream())
  const follower = yield* Effect.forkChild(follow(after, limit, ({ stream }) => stream === end.stream))
  const written = yield* writing
  yield* append(end, posted("all is written"))
  const { commits } = yield* Fiber.join(follower)
  return { written, commits }
})

/** One writer: a stream of its own, with so many commits, one after the other. */
export const writer = Effect.fnUntraced(function*(
  commits: number,
  each: (write: ReturnType<typeof append>) => ReturnType<typeof append> = identity
) {
  let head = yield* each(append(newStream(freshStream()), posted("0")))
  for (let n = 1; n < commits; n++) head = yield* each(append(head, edited(`${n}`)))
  return head.stream
})

/** For each stream the versions of its commits, in the order in which they came. */
export const versionsByStream = (commits: ReadonlyArray<EncodedCommit>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const streams = new Map<string, Array<number>>()
  for (const { stream, version } of commits) streams.set(stream, [...streams.get(stream) ?? [], version])
  return streams
}

export const upTo = (count: number): ReadonlyArray<number> => Array.range(1, count)
