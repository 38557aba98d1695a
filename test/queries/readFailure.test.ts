import { assert, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresReadModel from "../../src/queries/PostgresReadModel.ts"
import { ReadModel, ReadModelUnavailable } from "../../src/queries/ReadModel.ts"
import { describeEngines, describePostgres } from "../engines/databases.ts"
import { stream } from "../support/encodedCommits.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"

/** Runs an effect while another transaction holds the comments, so that whoever reads them has to wait. */
const whileLocked = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    const [locked, released] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
    const holder = sql`LOCK TABLE comments IN ACCESS EXCLUSIVE MODE`.pipe(
      Effect.andThen(Deferred.succeed(locked, undefined)),
      Effect.andThen(Deferred.await(released)),
      sql.withTransaction
    )
    const holding = yield* Effect.forkChild(holder)
    yield* Deferred.await(locked)
    const result = yield* effect
    yield* Deferred.succeed(released, undefined)
    yield* Fiber.join(holding)
    return result
  })

describePostgres("A read model that can't answer", (engine) => {
  it.layer(migratedReadModel(engine), { excludeTestServices: true })((it) => {
    it.effect("is unavailable when its connection is ended", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const readModel = yield* ReadModel
        const failure = yield* whileLocked(Effect.gen(function*() {
          const reading = yield* Effect.forkChild(Effect.flip(readModel.comment(stream(1))))
          const terminated = sql`
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`
          yield* Effect.repeat(terminated, { until: (rows) => rows.length > 0 })
          return yield* Fiber.join(reading)
        }))
        assert.instanceOf(failure, ReadModelUnavailable)
        assert.strictEqual((yield* readModel.comment(stream(1)))._tag, "NeverExisted")
      }))
  })

  it.layer(migratedReadModel(engine, { statementTimeout: "50 millis" }), { excludeTestServices: true })((it) => {
    it.effect("is unavailable when the server gives a statement up", () =>
      Effect.gen(function*() {
        const readModel = yield* ReadModel
        const failure = yield* whileLocked(Effect.flip(readModel.comment(stream(1))))
        assert.instanceOf(failure, ReadModelUnavailable)
      }))
  })
})

describeEngines("A read model without its tables", (engine) => {
  it.layer(Layer.provide(PostgresReadModel.layer, engine.database()), { excludeTestServices: true })((it) => {
    it.effect("is a defect, which no later try would mend", () =>
      Effect.gen(function*() {
        const readModel = yield* ReadModel
        const exit = yield* Effect.exit(readModel.comment(stream(1)))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      }))
  })
})
