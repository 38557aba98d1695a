import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"
import type * as Semaphore from "effect/Semaphore"
import { DynamoStreams, maxRecords, type StreamRecord } from "../platform/DynamoStreams.ts"
import { makePatienceOf } from "./patience.ts"
import { Place, positionOf, type UnfinishedPlace } from "./shardPlaces.ts"
import { metricsOf } from "./streamMetrics.ts"

/** Records of the stream are gone that nobody has handled. */
export class RecordsMissed extends Schema.TaggedError<RecordsMissed>()("RecordsMissed", { reason: Schema.String }) {}

/** A shard, and what is to become of its records. */
export interface ShardReading<E, R> {
  readonly table: string
  readonly stream: string
  readonly shard: string
  /** How often an idle shard is looked at. */
  readonly pollInterval: Duration.Duration
  /** Bounds how many shards are busy at once. */
  readonly busy: Semaphore.Semaphore
  readonly handler: (records: ReadonlyArray<StreamRecord>) => Effect.Effect<void, E, R>
  /** Told after records were handled, and at the end. */
  readonly reached: (place: Place) => Effect.Effect<void>
}

// More is likely to be there after so many records, and then nobody waits.
const plenty = maxRecords / 2

/**
 * Reads a shard from a place to its end, and hands over what it finds, in order. What fails is tried again for ever, the
 * same records until they are handled. Fails only where records are gone.
 *
 * When it is interrupted, records that are being handled are handled first.
 */
export const readShard = Effect.fnUntraced(function*<E, R>(
  reading: ShardReading<E, R>,
  from: UnfinishedPlace
) {
  const { busy, handler, pollInterval, reached, shard, stream, table } = reading
  const streams = yield* DynamoStreams
  const metrics = metricsOf(table)
  const patiently = yield* makePatienceOf({
    failing: "A shard of the table's stream can't be handled at present, and is tried again until it can",
    again: "The shard is handled again",
    lag: metrics.lag
  })
  let place: typeof from = from

  const handle = Effect.fnUntraced(function*(records: ReadonlyArray<StreamRecord>) {
    const last = records.at(-1)
    if (last === undefined) return
    yield* handler(records)
    place = Place.cases.After.make({ sequenceNumber: last.dynamodb.SequenceNumber })
    yield* reached(place)
    yield* Metric.update(metrics.recordsHandled, records.length)
    const written = last.dynamodb.ApproximateCreationDateTime.getTime()
    yield* Metric.update(metrics.lag, Math.max(0, (yield* Clock.currentTimeMillis) - written))
  }, Effect.uninterruptible)

  const open = Effect.suspend(() => busy.withPermit(streams.iterator(stream, shard, positionOf(place)))).pipe(
    Effect.catchTag("Trimmed", (trimmed) => Effect.succeed(trimmed))
  )
  const read = (iterator: string) =>
    busy.withPermit(streams.records(iterator)).pipe(
      Effect.catchTag(["Trimmed", "IteratorExpired"], (failure) => Effect.succeed(failure))
    )

  // Reads until the shard's end, which is true, or until the iterator is no longer good.
  const drain = Effect.fnUntraced(function*(iterator: string) {
    let next: string | null = iterator
    while (next !== null) {
      const askedAt = yield* Clock.currentTimeMillis
      const found: Effect.Success<ReturnType<typeof read>> = yield* patiently(read(next))
      if ("_tag" in found) {
        if (found._tag === "Trimmed") return yield* missed
        yield* Effect.sleep(pollInterval)
        return false
      }
      const { records } = found
      yield* patiently(busy.withPermit(handle(records)))
      next = found.next
      if (next === null || records.length >= plenty) continue
      // A clock that was set back meanwhile must not make it wait until that time has come again.
      const passed = Math.max(0, (yield* Clock.currentTimeMillis) - askedAt)
      yield* Effect.sleep(Math.max(0, Duration.toMillis(pollInterval) - passed))
    }
    return true
  })

  const missed = new RecordsMissed({ reason: `records of shard ${shard} are no longer there` })

  let ended = false
  while (!ended) {
    const iterator = yield* patiently(open)
    if (iterator !== null && typeof iterator === "object") return yield* missed
    ended = iterator === null || (yield* drain(iterator))
  }
  yield* reached(Place.cases.Finished.make({ at: yield* Clock.currentTimeMillis }))
})
