import type { Vitest } from "@effect/vitest"
import { Array, Effect, Result, Stream } from "effect"
import type { CommentEvent } from "../../src/domain/CommentEvent.ts"
import { type CommentId, Version } from "../../src/domain/ids.ts"
import type { Commit, EncodedCommit } from "../../src/events/Commit.ts"
import { decodeCommit } from "../../src/events/EventCodec.ts"
import { type Consistency, EventStore, type ScanCheckpoint } from "../../src/events/EventStore.ts"
import { type Head, newStream } from "../../src/events/Head.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import type { History } from "../support/histories.ts"
import type { EventLogControls } from "./EventLogControls.ts"

/** The tests of a contract register themselves with it. */
export type It = Vitest.MethodsNonLive<EventStore | EventLogControls>

export const consistencies: ReadonlyArray<Consistency> = ["eventual", "strong"]

/** Runs of a property that goes to an engine. */
export const few = { arbitrary: { runs: 12 } }

export type Events = Array.NonEmptyReadonlyArray<CommentEvent>

export const put = (head: Head, commit: Commit) => EventStore.use((store) => store.append(head, commit))

export const append = (head: Head, ...events: Events) => put(head, commitOn(head, events))

/** The heads of a stream of its own, after each of these commits; the first is before them. */
export const written = Effect.fnUntraced(function*(...commits: ReadonlyArray<Events>) {
  const heads: Array.NonEmptyArray<Head> = [newStream(freshStream())]
  for (const events of commits) heads.push(yield* append(Array.lastNonEmpty(heads), ...events))
  return { stream: heads[0].stream, heads, head: Array.lastNonEmpty(heads) }
})

/** Does in a stream of its own what was done in a history. */
export const relived = Effect.fnUntraced(function*(history: History) {
  const commits: Array<Commit> = []
  let head = newStream(freshStream())
  for (const { events } of history.commits) {
    const { actor, commandId, correlationId, fingerprint, occurredAt: now, traceParent } = events[0]
    const origin = { actor, commandId, correlationId, fingerprint, now, traceParent }
    const commit = commitOn(head, Array.map(events, ({ body }) => body), origin)
    head = yield* put(head, commit)
    commits.push(commit)
  }
  return { stream: head.stream, commits, head }
})

export const load = (stream: CommentId, consistency: Consistency = "eventual") =>
  EventStore.use((store) => store.load(stream, consistency))

export const stored = (stream: CommentId, from = 1, limit = 1000) =>
  EventStore.use((store) => store.readStream(stream, { from: Version.make(from), limit }))

export const scanned = (after?: ScanCheckpoint) => EventStore.use((store) => Stream.runCollect(store.readAll(after)))

export const decoded = (commits: ReadonlyArray<EncodedCommit>): ReadonlyArray<Commit> =>
  commits.map((commit) => Result.getOrThrow(decodeCommit(commit)))

/** The commits' versions, in the order in which they came. */
export const versionsOf = (commits: ReadonlyArray<EncodedCommit>): ReadonlyArray<number> =>
  commits.flatMap(({ events, version }) => events.map((_, index) => version + index))
