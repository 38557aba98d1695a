import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as SqlClient from "effect/sql/SqlClient"
import type { EncodedCommit } from "../events/Commit.ts"
import { changesOf } from "./changes.ts"
import { draftAt } from "./CommentDraft.ts"
import { poisonIn } from "./failure.ts"
import type { Poison, StreamPlan, StreamWork } from "./plan.ts"
import { planStream } from "./plan.ts"
import { parkStreams } from "./positions.ts"
import type { Positions, StreamPosition } from "./StreamPosition.ts"
import { positionOf } from "./StreamPosition.ts"
import { lockCounters, write } from "./write.ts"

const park = (sql: SqlClient.SqlClient, before: StreamPosition, commit: EncodedCommit, cause: string) => {
  const poison: Poison = { stream: before.stream, version: before.version + 1, cause, payload: commit }
  const plan: StreamPlan = {
    before,
    draft: draftAt(before),
    applied: 0,
    skipped: 0,
    poison,
    rest: [],
    unparks: false
  }
  return sql.withTransaction(parkStreams(sql, [poison])).pipe(
    // Whatever is wrong with the payload, the mark is what counts.
    Effect.catchCauseFilter(poisonIn, () => parkStreams(sql, [{ ...poison, payload: null }])),
    Effect.as(plan)
  )
}

const positionAfter = ({ before, draft }: StreamPlan): StreamPosition => ({
  stream: before.stream,
  version: draft.version,
  pictureId: draft.pictureId,
  authorId: draft.authorId,
  parked: false
})

const applyCommit = (sql: SqlClient.SqlClient, before: StreamPosition, work: StreamWork, commit: EncodedCommit) =>
  Effect.suspend(() => {
    const plan = planStream(before, { ...work, commits: [commit] })
    return Effect.as(sql.withTransaction(write(sql, [plan])), plan)
  }).pipe(Effect.catchCauseFilter(poisonIn, (reason) => park(sql, before, commit, reason)))

const applyStream = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, start: StreamPosition, work: StreamWork) {
  const plans: Array<StreamPlan> = []
  let position = start
  for (const [index, commit] of work.commits.entries()) {
    const plan = yield* applyCommit(sql, position, work, commit)
    if (plan.rest.length > 0) {
      plans.push({ ...plan, rest: work.commits.slice(index) })
      break
    }
    plans.push(plan)
    if (plan.poison !== null) break
    if (plan.applied > 0) position = positionAfter(plan)
  }
  return plans
})

// All the counters that will be needed, so that savepoints take no lock out of order. Those that stay at 0 because their
// stream is parked do no harm.
const lockAllCounters = (sql: SqlClient.SqlClient, positions: Positions, work: ReadonlyArray<StreamWork>) => {
  const tryPlan = Option.liftThrowable(planStream)
  const plans = work.flatMap((one) => Option.toArray(tryPlan(positionOf(positions, one.stream), one)))
  return sql
    .withTransaction(lockCounters(sql, changesOf(plans)))
    .pipe(Effect.catchCauseFilter(poisonIn, () => Effect.void))
}

/**
 * Applies commits one after the other, each under a savepoint of its own, inside a transaction that holds the locks of
 * their positions. The first of a stream that is poison parks the stream; all other streams go on.
 */
export const applyOneByOne = Effect.fnUntraced(function*(
  sql: SqlClient.SqlClient,
  positions: Positions,
  work: ReadonlyArray<StreamWork>
) {
  yield* lockAllCounters(sql, positions, work)
  return yield* Effect.forEach(work, (one) => applyStream(sql, positionOf(positions, one.stream), one))
})
