import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { EventStore } from "../events/EventStore.ts"
import type { EventStoreUnavailable, ScanCheckpoint } from "../events/EventStore.ts"
import { EventTail } from "../events/EventTail.ts"
import { saveCheckpoint } from "./checkpoints.ts"
import type { Projected } from "./Projected.ts"
import { ProjectionUnavailable } from "./ProjectionUnavailable.ts"
import { Projector } from "./Projector.ts"

/** How far a scan has come. The numbers are of this scan, since it was begun or resumed. */
export interface ReconcileProgress {
  /** Commits that were looked at. */
  readonly commits: number
  /** Events that the read model had missed. */
  readonly applied: number
  /** Streams that had to be parked. */
  readonly parked: number
  /** From here a later scan can go on. */
  readonly checkpoint: ScanCheckpoint
}

type Counts = Omit<ReconcileProgress, "checkpoint">

const plus = (counts: Counts, commits: number, { applied, parked }: Projected): Counts => ({
  commits: counts.commits + commits,
  applied: counts.applied + applied,
  parked: counts.parked + parked.length
})

const make = Effect.gen(function*() {
  const store = yield* EventStore
  const projector = yield* Projector
  return Reconcile.of({
    scan: (after) =>
      Stream.mapAccumEffect(
        store.readAll(after),
        (): Counts => ({ commits: 0, applied: 0, parked: 0 }),
        (counts, { checkpoint, commits }) =>
          Effect.map(projector.project(commits), (projected) => {
            const sum = plus(counts, commits.length, projected)
            return [sum, [{ ...sum, checkpoint }]] as const
          })
      )
  })
})

/** Cures whatever the read model has missed: lost deliveries, a long outage, a trimmed checkpoint, an empty database. */
export class Reconcile extends Context.Service<Reconcile, {
  /**
   * Brings everything in the log through the projector, which applies what the read model doesn't have. Tells how far it
   * has come after each batch; after an interruption it can be resumed. What is written meanwhile may be missing.
   */
  scan(after?: ScanCheckpoint): Stream.Stream<ReconcileProgress, EventStoreUnavailable | ProjectionUnavailable>
}>()("marginalia/projections/Reconcile") {
  static readonly layer: Layer.Layer<Reconcile, never, EventStore | Projector> = Layer.effect(this, make)
}

/**
 * Reconciles, and lets the follower of this name go on from where the log's tail was when the scan began: what was written
 * meanwhile is what it then finds. For a follower that isn't running.
 */
export const reconcileFollower = (name: string): Stream.Stream<
  ReconcileProgress,
  EventStoreUnavailable | ProjectionUnavailable,
  Reconcile | EventTail | SqlClient.SqlClient
> =>
  Stream.unwrap(Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    const reconcile = yield* Reconcile
    const { present } = yield* EventTail
    const begun = yield* present
    const goOn = Effect.mapError(saveCheckpoint(sql, name, begun), (cause) => new ProjectionUnavailable({ cause }))
    return Stream.concat(reconcile.scan(), Stream.fromEffectDrain(goOn))
  }))
