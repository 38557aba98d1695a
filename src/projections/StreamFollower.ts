import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Semaphore from "effect/Semaphore"
import type * as Stream from "effect/Stream"
import type { ScanCheckpoint } from "../events/EventStore.ts"
import { DynamoStreams, type StreamRecord } from "../platform/DynamoStreams.ts"
import { makePatienceOf } from "./patience.ts"
import type { ReconcileProgress } from "./Reconcile.ts"
import { type Place, presentPlaces, survey, type UnfinishedPlace } from "./shardPlaces.ts"
import { readShard, RecordsMissed } from "./shardReader.ts"
import { catchUp } from "./streamCatchUp.ts"
import { CatchUp, type FollowedStream, StreamCheckpoints } from "./StreamCheckpoints.ts"
import { metricsOf } from "./streamMetrics.ts"
import { makeProgress } from "./streamProgress.ts"

/** How often checkpoints are saved at most. What lies between is handled again after a crash. */
const saveInterval = "1 second"

/** How often shards are looked for, and how long that waits at least after the time before. */
const surveyInterval = "10 seconds"
const shortestSurveyInterval = "1 second"

/** How many shards are read, or have their records handled, at the same time. */
const busyShards = 8

export interface StreamFollowerOptions<E, R, E2 = never, R2 = never> {
  readonly table: string
  /** Handles some records of one shard, in order; gets them again after a failure, and perhaps after a success. */
  readonly handler: (records: ReadonlyArray<StreamRecord>) => Effect.Effect<void, E, R>
  /** Brings in all that lies in the table, for when the stream doesn't have it. Left out where something else does. */
  readonly scan?: (after?: ScanCheckpoint) => Stream.Stream<ReconcileProgress, E2, R2>
  /** How often each idle shard is looked at. 200 ms, if left out: AWS takes 5 reads a second of each shard. */
  readonly pollInterval?: Duration.Input
}

const patience = makePatienceOf({
  failing: "The table's stream can't be followed at present, and is tried again until it can",
  again: "The table's stream is followed again",
  lag: null
})

const savingPatience = makePatienceOf({
  failing: "Checkpoints can't be saved at present, and are tried again until they can",
  again: "Checkpoints are saved again",
  lag: null
})

/** Follows a stream from where it was left, until records turn out to be missed, or the stream isn't the table's any more. */
const followFrom = Effect.fnUntraced(function*<E, R, E2 = never, R2 = never>(
  followed: FollowedStream,
  options: StreamFollowerOptions<E, R, E2, R2>
) {
  const { handler, pollInterval = "200 millis", scan, table } = options
  const { stream } = followed
  const streams = yield* DynamoStreams
  const metrics = metricsOf(table)
  const busy = yield* Semaphore.make(busyShards)
  const patiently = yield* patience
  const savePatiently = yield* savingPatience
  const progress = yield* makeProgress(table, followed)
  // Runs when all fibers below have ended.
  yield* Effect.addFinalizer(() =>
    Effect.ignore(progress.save, {
      log: "Warn",
      message: "Checkpoints could not be saved: what they miss will be repeated"
    })
  )
  const running = yield* FiberMap.make<string, void, RecordsMissed>()
  const endings = yield* Queue.sliding<void>(1)

  const read = (shard: string, place: UnfinishedPlace) => {
    const reached = (place: Place) =>
      Effect.andThen(
        progress.reached(shard, place),
        place._tag === "Finished" ? Queue.offer(endings, undefined) : Effect.void
      )
    const reading = { table, stream, shard, busy, handler, reached }
    return readShard({ ...reading, pollInterval: Duration.fromInputUnsafe(pollInterval) }, place)
  }

  // Begins to read what has become readable; says why, if the stream can't be followed any more.
  const look = Effect.gen(function*() {
    if (Option.getOrNull(yield* streams.streamOf(table)) !== stream) return "the table has another stream"
    const shards = yield* streams.shards(stream)
    const isRead = (shard: string) => FiberMap.hasUnsafe(running, shard)
    const { forgotten, found, missed, ready } = survey(
      shards,
      progress.places(),
      isRead,
      yield* Clock.currentTimeMillis
    )
    if (missed !== null) return missed
    for (const [shard, place] of found) yield* progress.reached(shard, place)
    yield* progress.forget(forgotten)
    for (const [shard, place] of ready) yield* FiberMap.run(running, shard, read(shard, place))
    yield* Metric.update(metrics.shardsFollowed, shards.filter(({ id }) => isRead(id)).length)
    return null
  }).pipe(Effect.catchTag("Trimmed", () => Effect.succeed("the stream is gone")))

  const looking = Effect.gen(function*() {
    for (;;) {
      const reason = yield* patiently(look)
      if (reason !== null) return yield* new RecordsMissed({ reason })
      yield* Effect.sleep(shortestSurveyInterval)
      yield* Effect.timeoutOption(Queue.take(endings), surveyInterval)
    }
  })
  const saving = Effect.forever(Effect.andThen(Effect.sleep(saveInterval), savePatiently(progress.save)))

  // No shard has names with a slash.
  yield* FiberMap.run(running, "/looking", looking)
  yield* FiberMap.run(running, "/saving", saving)
  if (scan !== undefined && followed.catchUp._tag === "Due") {
    const scanning = catchUp({ table, scan, reached: progress.caughtUp }, followed.catchUp.after)
    yield* FiberMap.run(running, "/scanning", scanning)
  }
  yield* FiberMap.join(running)
  return yield* Effect.never
}, Effect.scoped)

/**
 * Follows the stream of a table and hands over all its records, each at least once: those of one shard in their order, and
 * a shard only once its parent has been handled to its end; different shards at the same time.
 *
 * Goes on where it was last. Where it was nowhere, or where records are gone that were never handled, it takes the
 * stream's present position and scans the whole table; what is written after that position it finds in the stream, which
 * it follows meanwhile. A scan that is killed goes on where it was, too.
 *
 * What fails is tried again for ever. Runs until it is interrupted; records that are being handled are then handled to the
 * end, and the checkpoints saved.
 */
export const follow = Effect.fn("StreamFollower.follow")(function*<E, R, E2 = never, R2 = never>(
  options: StreamFollowerOptions<E, R, E2, R2>
) {
  const { scan, table } = options
  const streams = yield* DynamoStreams
  const checkpoints = yield* StreamCheckpoints
  const metrics = metricsOf(table)
  const patiently = yield* patience
  yield* Metric.update(metrics.recordsHandled, 0)
  yield* Metric.update(metrics.reconciles, 0)

  // What lies before the position is the scan's. Null if the stream has gone meanwhile.
  const takeUp = Effect.fnUntraced(function*(stream: string, reason: string) {
    const places = presentPlaces(yield* streams.shards(stream), yield* Clock.currentTimeMillis)
    const isScanned = scan !== undefined
    const followed: FollowedStream = {
      stream,
      catchUp: isScanned ? CatchUp.cases.Due.make({ after: null }) : CatchUp.cases.Done.make({}),
      places
    }
    yield* checkpoints.begin(table, followed)
    yield* Metric.update(metrics.reconciles, 1)
    yield* Effect.logInfo("Takes up the table's stream at its present position").pipe(
      Effect.annotateLogs({ table, stream, reason })
    )
    return followed
  }, (taken) => Effect.catchTag(taken, "Trimmed", () => Effect.succeed(null)))

  let missed: string | null = null
  for (let waits = false;; yield* Effect.sleep(shortestSurveyInterval)) {
    const stream: Option.Option<string> = yield* patiently(streams.streamOf(table))
    if (Option.isNone(stream)) {
      if (!waits) yield* Effect.annotateLogs(Effect.logWarning("Waits for the table to have a stream"), { table })
      waits = true
      continue
    }
    waits = false
    const saved = Option.getOrNull(yield* patiently(checkpoints.load(table)))
    const followed: FollowedStream | null = missed === null && saved?.stream === stream.value
      ? saved
      : yield* patiently(takeUp(stream.value, missed ?? "nothing is known of it"))
    if (followed === null) continue
    const ended: RecordsMissed = yield* Effect.flip(followFrom(followed, options))
    missed = ended.reason
  }
})
