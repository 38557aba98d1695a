import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Commit } from "./Commit.ts"
import { type CommitTooLarge, EventStore, ScanCheckpoint, type ScannedBatch, VersionConflict } from "./EventStore.ts"
import { EventTail, TailCheckpoint } from "./EventTail.ts"
import type { Head } from "./Head.ts"
import { makeAppendSignal } from "./internal/appendSignal.ts"
import { loadHead, type ReadNewest } from "./internal/load.ts"
import { MemoryLog } from "./internal/MemoryLog.ts"
import { prepare } from "./internal/writing.ts"
import { AppendRefused } from "./JointAppend.ts"

const scanBatch = 200

// Checkpoints are counts of commits. One that this store can't have given is a mistake of the program.
const countOf = (checkpoint: string): Effect.Effect<number> =>
  /^\d{1,15}$/.test(checkpoint)
    ? Effect.succeed(Number(checkpoint))
    : Effect.die(new Error(`${JSON.stringify(checkpoint)} is no checkpoint of a log in memory`))

/** Appends to a log in memory and does something else with it: both or neither. */
export class MemoryJointAppend extends Context.Service<MemoryJointAppend, {
  /** `also` tells whether it could be done; it is done only where the commit takes its place, and not again by a repetition. */
  append(
    head: Head,
    commit: Commit,
    also: () => boolean
  ): Effect.Effect<Head, VersionConflict | AppendRefused | CommitTooLarge>
}>()("marginalia/events/MemoryEventStore/MemoryJointAppend") {}

/** Every call lets other fibers go first, as a call over a network does: races that there can be do happen. */
const make = Effect.gen(function*() {
  const log = yield* MemoryLog
  const signal = yield* makeAppendSignal

  const read: ReadNewest<never> = ({ before, limit, stream }) =>
    Effect.map(Effect.yieldNow, () => log.newestFirst(stream, before, limit))

  const append = Effect.fnUntraced(function*(head: Head, commit: Commit, also: () => boolean) {
    const { encoded, eventsJson, head: next, snapshotJson } = yield* prepare(head, commit)
    yield* Effect.yieldNow
    const { id, lastVersion, stream, version } = encoded
    const occupant = log.at(stream, version)
    if (occupant === null && !also()) return yield* new AppendRefused({ stream })
    if (occupant !== null && occupant.id !== id) {
      return yield* new VersionConflict({ stream, expectedVersion: head.version, winner: occupant })
    }
    log.put({ id, stream, version, lastVersion, eventsJson, snapshotJson })
    yield* signal.appended
    return next
  })

  const store = EventStore.of({
    load: (stream, consistency) => loadHead(read, stream, consistency),

    append: (head, commit) => Effect.catchTag(append(head, commit, () => true), "AppendRefused", Effect.die),

    readStream: (stream, { from, limit }) => Effect.map(Effect.yieldNow, () => log.oldestFirst(stream, from, limit)),

    readAll: (after = ScanCheckpoint.make("0")) =>
      Stream.unwrap(
        Effect.map(countOf(after), (count) => {
          // What is written meanwhile is left out: a scan that it kept alive would never end.
          const end = log.length()
          return Stream.paginate(count, (count) =>
            Effect.map(Effect.yieldNow, () => {
              const commits = log.inOrder(count, Math.min(scanBatch, end - count))
              const next = count + commits.length
              const batch: ScannedBatch = { commits, checkpoint: ScanCheckpoint.make(`${next}`) }
              return [commits.length === 0 ? [] : [batch], next < end ? Option.some(next) : Option.none()]
            }))
        })
      )
  })

  const tail = EventTail.of({
    beginning: TailCheckpoint.make("0"),
    present: Effect.sync(() => TailCheckpoint.make(`${log.length()}`)),
    read: Effect.fnUntraced(function*(after, limit) {
      const count = yield* countOf(after)
      yield* Effect.yieldNow
      const commits = log.inOrder(count, limit)
      return { commits, checkpoint: TailCheckpoint.make(`${count + commits.length}`) }
    }),
    awaitAppend: signal.awaitAppend
  })

  return Context.make(EventStore, store).pipe(
    Context.add(EventTail, tail),
    Context.add(MemoryJointAppend, MemoryJointAppend.of({ append }))
  )
})

/**
 * The event store and its tail in memory: for tests and simulations, and as the shortest way to say what a store does.
 * It goes through the codecs as the others do.
 */
export const layer: Layer.Layer<EventStore | EventTail | MemoryJointAppend | MemoryLog> = Layer.effectContext(make)
  .pipe(
    Layer.provideMerge(MemoryLog.layer)
  )
