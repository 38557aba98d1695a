import { Context, Effect, Layer, Option, Ref, Stream } from "effect"
import type { CommentId } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { EventStore, EventStoreUnavailable, ScanCheckpoint } from "../../src/events/EventStore.ts"

/** A strongly consistent read that somebody made of one stream. */
export interface StreamRead {
  readonly stream: CommentId
  readonly from: number
  readonly limit: number
  /** How many commits it got. */
  readonly found: number
}

/**
 * A log into which a test writes whatever it likes, undecodable commits among it; offers what projections read of an
 * `EventStore`, and tells what they have read. Scans go by `scanned` commits at once.
 */
export class RawLog extends Context.Service<RawLog, {
  readonly commits: Ref.Ref<ReadonlyArray<EncodedCommit>>
  readonly reads: Ref.Ref<ReadonlyArray<StreamRead>>
  /** Happens after each read of a stream, before the reader gets what it found. */
  readonly meanwhile: Ref.Ref<Effect.Effect<void>>
  /** While it is set, reading fails with it. */
  readonly outage: Ref.Ref<Option.Option<EventStoreUnavailable>>
}>()("marginalia/test/support/RawLog") {
  static readonly layer = (scanned = 3): Layer.Layer<RawLog | EventStore> =>
    Layer.effectContext(
      Effect.gen(function*() {
        const commits = yield* Ref.make<ReadonlyArray<EncodedCommit>>([])
        const reads = yield* Ref.make<ReadonlyArray<StreamRead>>([])
        const meanwhile = yield* Ref.make<Effect.Effect<void>>(Effect.void)
        const outage = yield* Ref.make(Option.none<EventStoreUnavailable>())
        const checkOutage = Effect.flatMap(
          Ref.get(outage),
          Option.match({ onNone: () => Effect.void, onSome: (error) => Effect.fail(error) })
        )
        const scanFrom = (start: number): Stream.Stream<
          { readonly commits: ReadonlyArray<EncodedCommit>; readonly checkpoint: ScanCheckpoint },
          EventStoreUnavailable
        > =>
          Stream.paginate(start, (at) =>
            Effect.gen(function*() {
              yield* checkOutage
              const all = yield* Ref.get(commits)
              const next = Math.min(at + scanned, all.length)
              const batch = { commits: all.slice(at, next), checkpoint: ScanCheckpoint.make(String(next)) }
              return [[batch], next < all.length ? Option.some(next) : Option.none<number>()] as const
            }))
        const store = EventStore.of({
          load: () => Effect.die(new Error("projections load no heads")),
          append: () => Effect.die(new Error("projections append nothing")),
          readStream: Effect.fnUntraced(function*(stream, { from, limit }) {
            yield* checkOutage
            const found = (yield* Ref.get(commits))
              .filter((commit) => commit.stream === stream && commit.lastVersion >= from)
              .toSorted((one, other) => one.version - other.version)
              .slice(0, limit)
            yield* Ref.update(reads, (reads) => [...reads, { stream, from, limit, found: found.length }])
            yield* Effect.flatten(Ref.get(meanwhile))
            return found
          }),
          readAll: (after) => scanFrom(after === undefined ? 0 : Number(after))
        })
        return Context.make(RawLog, RawLog.of({ commits, reads, meanwhile, outage })).pipe(
          Context.add(EventStore, store)
        )
      })
    )

  /** Makes these the whole log. */
  static readonly write = Effect.fnUntraced(function*(commits: ReadonlyArray<EncodedCommit>) {
    const log = yield* RawLog
    yield* Ref.set(log.commits, commits)
    yield* Ref.set(log.reads, [])
    yield* Ref.set(log.meanwhile, Effect.void)
    yield* Ref.set(log.outage, Option.none())
  })
}

export const outage = new EventStoreUnavailable({ operation: "readStream", outcome: "nothing", cause: "an outage" })
