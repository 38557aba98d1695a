import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { CommentId } from "../domain/ids.ts"
import { Failure, failureOf, type Misfit } from "./failure.ts"
import { conflicts } from "./metrics.ts"
import { applyOneByOne } from "./oneByOne.ts"
import type { StreamPlan, StreamWork } from "./plan.ts"
import { planStream } from "./plan.ts"
import { insertPositions, lockPositions } from "./positions.ts"
import { ProjectionUnavailable } from "./ProjectionUnavailable.ts"
import type { Positions } from "./StreamPosition.ts"
import { positionOf } from "./StreamPosition.ts"
import { write } from "./write.ts"

const lock = Effect.fnUntraced(function*(
  sql: SqlClient.SqlClient,
  streams: ReadonlyArray<CommentId>,
  known: Positions
) {
  const missing = streams.filter((stream) => !known.has(stream))
  const made: Positions = missing.length > 0 ? yield* insertPositions(sql, missing) : new Map()
  if (made.size === streams.length) return made
  const there = yield* lockPositions(sql, streams.filter((stream) => !made.has(stream)))
  if (made.size + there.size === streams.length) return new Map([...made, ...there])
  // Somebody emptied the read model since the positions were read.
  yield* insertPositions(sql, streams)
  return yield* lockPositions(sql, streams)
})

const applyTogether = (sql: SqlClient.SqlClient, positions: Positions, work: ReadonlyArray<StreamWork>) =>
  Effect.suspend(() => {
    const plans = work.map((one) => planStream(positionOf(positions, one.stream), one))
    return Effect.as(write(sql, plans), plans)
  })

const attempt = <A>(transaction: Effect.Effect<A, Misfit | SqlError>): Effect.Effect<A, Failure> =>
  transaction.pipe(
    Effect.catchCause((cause) => {
      const failure = failureOf(cause)
      return failure === undefined
        ? Effect.failCause(Cause.fromReasons<never>(cause.reasons.filter(Cause.isInterruptReason)))
        : Effect.fail(failure)
    }),
    Effect.tapError((failure) => failure._tag === "Conflicted" ? Metric.update(conflicts, 1) : Effect.void),
    Effect.retry({
      while: (failure) => failure._tag === "Conflicted",
      times: 5,
      schedule: Schedule.exponential("10 millis").pipe(Schedule.jittered)
    })
  )

/**
 * Applies work on different streams in one transaction, and tells what was done. `known` are the positions as they were
 * read before.
 *
 * Locks are always taken in one order (positions by stream, then pictures, then authors), so that projectors that run at
 * once wait for each other and never in a circle. If something in the batch is poison, the batch is repeated commit by
 * commit under savepoints, and parks the culprit.
 */
export const applyWork = (
  sql: SqlClient.SqlClient,
  work: ReadonlyArray<StreamWork>,
  known: Positions
): Effect.Effect<ReadonlyArray<StreamPlan>, ProjectionUnavailable> => {
  const streams = work.map(({ stream }) => stream)
  const locked = lock(sql, streams, known)
  return attempt(
    sql.withTransaction(Effect.flatMap(locked, (positions) => applyTogether(sql, positions, work)))
  ).pipe(
    Effect.catchIf(
      Failure.$is("Poisoned"),
      () =>
        attempt(sql.withTransaction(
          Effect.flatMap(
            locked,
            (positions) => Effect.map(applyOneByOne(sql, positions, work), (plans) => plans.flat())
          )
        ))
    ),
    Effect.mapError((failure) =>
      new ProjectionUnavailable({ cause: failure._tag === "Poisoned" ? new Error(failure.reason) : failure.cause })
    )
  )
}
