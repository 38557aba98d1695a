import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { EventStore, ScanCheckpoint, type ScannedBatch, VersionConflict } from "./EventStore.ts"
import { EventTail, TailCheckpoint } from "./EventTail.ts"
import { makeAppendSignal } from "./internal/appendSignal.ts"
import { loadHead, type ReadNewest } from "./internal/load.ts"
import { MemoryLog } from "./internal/MemoryLog.ts"
import { prepare } from "./internal/writing.ts"

const scanBatch = 200

// Checkpoints are counts of commits. One that this store can't have given is a mistake of the program.
const countOf = (checkpoint: string): Effect.Effect<number> =>
  /^\d{1,15}$/.test(checkpoint)
    ? Effect.succeed(Number(checkpoint))
    : Effect.die(new Error(`${JSON.stringify(checkpoint)} is no checkpoint of a log in memory`))

/** Every call lets other fibers go first, as a call over a network does: races that there can be do happen. */
const make = Effect.gen(function*() {
  const log = yield* MemoryLog
  const signal = yield* makeAppendSignal

  const read: ReadNewest<never> = ({ before, limit, stream }) =>
    Effect.map(Effect.yieldNow, () => log.newestFirst(stream, before, limit))

  const store = EventStore.of({
    load: (stream, consistency) => loadHead(read, stream, consistency),

    append: Effect.fnUntraced(function*(head, commit) {
      const { encoded, eventsJson, head: next, snapshotJson } = yield* prepare(head, commit)
      yield* Effect.yieldNow
      const { id, lastVersion, stream, version } = encoded
      const occupant = log.put({ id, stream, version, lastVersion, eventsJson, snapshotJson })
      if (occupant !== null && occupant.id !== id) {
        return yield* new VersionConflict({ stream, expectedVersion: head.version, winner: occupant })
      }
      yield* signal.appended
      return next
    }),

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

  return { store, tail }
})

/**
 * The event store and its tail in memory: for tests and simulations, and as the shortest way to say what a store does.
 * It goes through the codecs as the others do.
 */
export const layer: Layer.Layer<EventStore | EventTail | MemoryLog> = Layer.unwrap(
  Effect.map(make, ({ store, tail }) => Layer.merge(Layer.succeed(EventStore, store), Layer.succeed(EventTail, tail)))
).pipe(Layer.provideMerge(MemoryLog.layer))
