import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ScanCheckpoint } from "../events/EventStore.ts"
import { makePatienceOf } from "./patience.ts"
import type { ReconcileProgress } from "./Reconcile.ts"
import { CatchUp } from "./StreamCheckpoints.ts"

/** How often a long scan tells how far it has come, in milliseconds. */
const tellInterval = 10_000

/** A scan of what lies before a position of the table's stream. */
export interface StreamCatchUp<E, R> {
  readonly table: string
  readonly scan: (after?: ScanCheckpoint) => Stream.Stream<ReconcileProgress, E, R>
  /** Told how far the scan has come: an interrupted one goes on from there. */
  readonly reached: (catchUp: CatchUp) => Effect.Effect<void>
}

/** Scans to the end, however often that fails, and says in the log how it goes. */
export const catchUp = Effect.fnUntraced(function*<E, R>(
  { reached, scan, table }: StreamCatchUp<E, R>,
  from: ScanCheckpoint | null
) {
  const patiently = yield* makePatienceOf({
    failing: "The read model can't be reconciled with the log at present, and it is tried again until it can",
    again: "The read model could be reconciled with the log",
    lag: null
  })
  let after = from
  let toldAt = yield* Clock.currentTimeMillis
  const counted = { commits: 0, applied: 0, parked: 0 }
  const numbers = () => ({ table, ...counted })

  const progressed = Effect.fnUntraced(function*(progress: ReconcileProgress, before: typeof counted) {
    after = progress.checkpoint
    for (const name of ["commits", "applied", "parked"] as const) counted[name] = before[name] + progress[name]
    yield* reached(CatchUp.cases.Due.make({ after }))
    const now = yield* Clock.currentTimeMillis
    if (now - toldAt < tellInterval) return
    toldAt = now
    yield* Effect.logInfo("Reconciling the read model with the log").pipe(Effect.annotateLogs(numbers()))
  })

  const all = Effect.suspend(() => {
    const before = { ...counted }
    return Stream.runForEach(scan(after ?? undefined), (progress) => progressed(progress, before))
  })

  yield* Effect.logInfo("Begins to reconcile the read model with the log").pipe(Effect.annotateLogs(numbers()))
  yield* patiently(all)
  yield* reached(CatchUp.cases.Done.make({}))
  yield* Effect.logInfo("Reconciled the read model with the log").pipe(Effect.annotateLogs(numbers()))
})
