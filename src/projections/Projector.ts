import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as SqlClient from "effect/sql/SqlClient"
import type { CommentId } from "../domain/ids.ts"
import type { EncodedCommit } from "../events/Commit.ts"
import { EventStore } from "../events/EventStore.ts"
import { QueryCache } from "../queries/QueryCache.ts"
import type { Backlog } from "./backlog.ts"
import { backlogOf, countEvents } from "./backlog.ts"
import { HealingLimits, readForward } from "./healing.ts"
import { invalidate } from "./invalidation.ts"
import * as Metrics from "./metrics.ts"
import type { StreamPlan, StreamWork } from "./plan.ts"
import { readPositions } from "./positions.ts"
import type { Projected } from "./Projected.ts"
import { both, nothingProjected, projectedBy } from "./Projected.ts"
import { ProjectionUnavailable } from "./ProjectionUnavailable.ts"
import type { Positions } from "./StreamPosition.ts"
import { positionOf } from "./StreamPosition.ts"
import { applyWork } from "./transaction.ts"
import { triage } from "./triage.ts"

const observe = Effect.fnUntraced(function*(
  plans: ReadonlyArray<StreamPlan>,
  { applied, parked }: Projected,
  now: number
) {
  if (applied > 0) {
    const newest = plans.reduce((newest, { draft }) => Math.max(newest, draft.history.at(-1)?.at ?? 0), 0)
    yield* Metric.update(Metrics.eventsProjected, applied)
    yield* Metric.update(Metrics.projectionLag, Math.max(0, now - newest))
  }
  for (const { cause, stream, version } of parked) {
    yield* Metric.update(Metrics.streamsParked, 1)
    yield* Effect.logError("A stream is parked: an event of it can't be projected").pipe(
      Effect.annotateLogs({ stream, version, cause })
    )
  }
})

const unavailable = (cause: unknown) => new ProjectionUnavailable({ cause })

const make = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const store = yield* EventStore
  const cache = yield* QueryCache
  yield* Metrics.begin

  const positionsOf = (streams: ReadonlyArray<CommentId>) => Effect.mapError(readPositions(sql, streams), unavailable)

  const forward = (stream: CommentId, version: number, delivered: ReadonlyArray<EncodedCommit>) =>
    Effect.mapError(readForward(store, stream, version, delivered), unavailable)

  const apply = Effect.fnUntraced(function*(work: ReadonlyArray<StreamWork>, known: Positions) {
    if (work.length === 0) return { plans: [], projected: nothingProjected }
    const plans = yield* applyWork(sql, work, known)
    const now = yield* Clock.currentTimeMillis
    const projected = projectedBy(plans, now)
    yield* observe(plans, projected, now)
    return { plans, projected }
  })

  // What can be projected of a backlog in one transaction, with what is left of the backlog afterwards.
  const round = Effect.fnUntraced(function*(backlog: Backlog) {
    const limits = yield* HealingLimits
    const positions = yield* positionsOf(Array.from(backlog.keys()))
    const { gapped, pictures, ready, skipped } = triage(backlog, positions)
    const healing = yield* Effect.forEach(
      gapped.slice(0, limits.streams),
      ({ commits, stream, version }) => forward(stream, version, commits),
      { concurrency: limits.streams }
    )
    const done = yield* apply([...ready, ...healing], positions)
    const projected = both({ ...nothingProjected, skipped, pictures }, done.projected)
    const invalidationsFailed = yield* invalidate(cache, projected.pictures)
    return {
      projected: { ...projected, invalidationsFailed },
      gapped: gapped.map(({ stream }) => stream),
      left: new Map([
        ...gapped.slice(limits.streams).map(({ commits, stream }) => [stream, commits] as const),
        ...done.plans.flatMap(({ before, rest }) => (rest.length === 0 ? [] : [[before.stream, rest] as const]))
      ])
    }
  })

  const project = Effect.fn("Projector.project")(function*(batch: ReadonlyArray<EncodedCommit>) {
    let backlog = backlogOf(batch)
    const repeated = countEvents(batch) - countEvents(Array.from(backlog.values()).flat())
    let projected: Projected = { ...nothingProjected, skipped: repeated }
    const healed = new Set<CommentId>()
    while (backlog.size > 0) {
      const { gapped, left, projected: more } = yield* round(backlog)
      for (const stream of gapped) healed.add(stream)
      projected = both(projected, more)
      backlog = left
    }
    for (const { stream } of projected.parked) healed.delete(stream)
    yield* Metric.update(Metrics.batchesProjected, 1)
    yield* Metric.update(Metrics.gapsHealed, healed.size)
    return { ...projected, healed: healed.size }
  })

  const redrive = Effect.fn("Projector.redrive")(function*(stream: CommentId) {
    let projected = nothingProjected
    for (let first = true;; first = false) {
      const positions = yield* positionsOf([stream])
      const { parked, version } = positionOf(positions, stream)
      const work = yield* forward(stream, version, [])
      // What was delivered while the stream was still marked has been passed over: so the log is read until it ends,
      // and that after the mark has gone.
      if (!first && (parked || work.commits.length === 0)) return projected
      const done = yield* apply([{ ...work, redrive: first }], positions)
      const invalidationsFailed = yield* invalidate(cache, done.projected.pictures)
      projected = both(projected, { ...done.projected, invalidationsFailed })
    }
  })

  return Projector.of({ project, redrive })
})

/**
 * Brings events into the read model: takes commits from anywhere, in any order, however often, and however many
 * projectors run at once.
 *
 * - Idempotent: an event that has been projected before changes nothing.
 * - Order-tolerant and self-healing: what is missing before a commit is read from the event store, in pieces.
 * - Atomic: what is done of a batch at once is one transaction.
 * - Never stopped by an event: what can't be projected parks its own stream, and all others go on.
 * - Afterwards, and also when a batch changed nothing, the cache has been told which pictures to forget.
 */
export class Projector extends Context.Service<Projector, {
  /** Projects a batch. When it fails, the same batch is to be delivered again. */
  project(batch: ReadonlyArray<EncodedCommit>): Effect.Effect<Projected, ProjectionUnavailable>

  /**
   * Projects what the log has of a stream after its position, strongly consistent, and no longer takes it as parked; it
   * is parked again, with the new cause, if an event of it still can't be projected.
   */
  redrive(stream: CommentId): Effect.Effect<Projected, ProjectionUnavailable>
}>()("marginalia/projections/Projector") {
  static readonly layer: Layer.Layer<Projector, never, SqlClient.SqlClient | EventStore | QueryCache> = Layer.effect(
    this,
    make
  )
}
