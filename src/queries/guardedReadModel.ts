import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as Schedule from "effect/Schedule"
import { onSteadyTime } from "../platform/steadyTime.ts"
import { ReadModel, ReadModelUnavailable } from "./ReadModel.ts"

/** After so many failures in a row the database is left alone for a while. */
const failures = 5

// Whoever reads waits as long for a database that is back: one query each second costs it nothing.
const openDuration = Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("1 second")])

const make = Effect.gen(function*() {
  const unguarded = yield* ReadModel
  const breaker = onSteadyTime(
    yield* CircuitBreaker.make({ tripPolicy: CircuitBreaker.consecutive(failures), openDuration })
  )

  // A query that nobody waits for any more says nothing about the database, and neither does a defect of ours.
  const classify = <A>(exit: Exit.Exit<A, ReadModelUnavailable>): CircuitBreaker.Outcome => {
    if (Exit.isSuccess(exit)) return CircuitBreaker.success
    return exit.cause.reasons.some(Cause.isFailReason) ? CircuitBreaker.failure() : CircuitBreaker.ignored
  }

  const guard = <A>(query: Effect.Effect<A, ReadModelUnavailable>): Effect.Effect<A, ReadModelUnavailable> =>
    breaker.execute(query, { key: "read-model", classify }).pipe(
      Effect.mapError((error) =>
        error._tag === "ReadModelUnavailable" ? error : new ReadModelUnavailable({ cause: error })
      )
    )

  return ReadModel.of({
    page: (request) => guard(unguarded.page(request)),
    comment: (id) => guard(unguarded.comment(id)),
    history: (id) => guard(unguarded.history(id)),
    counts: (pictures) => guard(unguarded.counts(pictures)),
    positions: (streams) => guard(unguarded.positions(streams))
  })
})

/**
 * A read model behind a circuit breaker: while its database hangs or is away, queries fail at once instead of piling up
 * behind time-outs, and one at a time finds out whether it is back.
 */
export const layer: Layer.Layer<ReadModel, never, ReadModel> = Layer.effect(ReadModel, make).pipe(
  Layer.provide(CircuitBreaker.layerStoreMemory())
)
