import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Metric, Option, Ref } from "effect"
import { SqlClient } from "effect/sql"
import { conflicts } from "../../src/projections/metrics.ts"
import { describeEngines, describePostgres } from "../engines/databases.ts"
import { commit, edited, history, posted, stream } from "../support/encodedCommits.ts"
import { during, someoneWaits } from "../support/lockWaits.ts"
import { project, projectorOn } from "../support/projection.ts"
import { outage, RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"

const parkedCount = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) =>
    Effect.map(
      sql<{ readonly parked: number }>`SELECT count(*) AS parked FROM stream_positions WHERE parked_at IS NOT NULL`,
      ([row]) => row?.parked
    )
)

const log = [
  ...history(stream(1), [posted("one")], [edited("two")]),
  ...history(stream(2), [posted("three")])
]

describePostgres("A projector whose connection is cut", (engine) => {
  it.layer(projectorOn(engine), { excludeTestServices: true })((it) => {
    it.effect("fails the batch as a whole, and projects it when it is delivered again", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const sql = yield* SqlClient.SqlClient
        yield* project([commit(stream(3), 1, posted("on the same picture"))])
        const before = yield* readModel
        // The batch has written its rows, and waits for a counter.
        const failed = yield* during(
          sql`SELECT count FROM picture_counts FOR UPDATE`,
          Effect.gen(function*() {
            const fiber = yield* Effect.forkChild(Effect.flip(project(log)))
            const { pid } = yield* someoneWaits
            yield* sql`SELECT pg_terminate_backend(${pid})`
            return yield* Fiber.join(fiber)
          })
        )
        assert.strictEqual(failed._tag, "ProjectionUnavailable")
        assert.deepStrictEqual(yield* readModel, before)
        assert.strictEqual(yield* parkedCount, 0)
        assert.deepInclude(yield* project(log), { applied: 3, parked: [] })
        assert.deepStrictEqual(
          yield* readModel,
          foldReadModel([...log, commit(stream(3), 1, posted("on the same picture"))])
        )
      }))

    it.effect("rolls back when it is interrupted", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const sql = yield* SqlClient.SqlClient
        yield* project([commit(stream(3), 1, posted("on the same picture"))])
        const before = yield* readModel
        yield* during(
          sql`SELECT count FROM picture_counts FOR UPDATE`,
          Effect.gen(function*() {
            const fiber = yield* Effect.forkChild(project(log))
            yield* someoneWaits
            yield* Fiber.interrupt(fiber)
          })
        )
        assert.deepStrictEqual(yield* readModel, before)
        assert.deepInclude(yield* project(log), { applied: 3, parked: [] })
      }))
  })
})

describeEngines("A projector that can't read the event store", (engine) => {
  it.layer(projectorOn(engine))((it) => {
    it.effect("fails the batch where it must heal a gap, and projects it once the store is back", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* RawLog.write(log)
        const { outage: down } = yield* RawLog
        yield* Ref.set(down, Option.some(outage))
        const failed = yield* Effect.flip(project(log.slice(1)))
        assert.strictEqual(failed._tag, "ProjectionUnavailable")
        assert.strictEqual(yield* parkedCount, 0)
        yield* Ref.set(down, Option.none())
        assert.deepInclude(yield* project(log.slice(1)), { applied: 3, healed: 1 })
        assert.deepStrictEqual(yield* readModel, foldReadModel(log))
      }))

    it.effect("parks nothing where the tables themselves are out of reach", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const sql = yield* SqlClient.SqlClient
        yield* Effect.acquireUseRelease(
          sql`ALTER TABLE comment_history RENAME TO elsewhere`,
          () => Effect.map(Effect.flip(project(log)), ({ _tag }) => assert.strictEqual(_tag, "ProjectionUnavailable")),
          () => sql`ALTER TABLE elsewhere RENAME TO comment_history`
        )
        assert.strictEqual(yield* parkedCount, 0)
        assert.deepInclude(yield* project(log), { applied: 3, parked: [] })
      }))
  })
})

describePostgres("A projector that meets other transactions", (engine) => {
  it.layer(projectorOn(engine), { excludeTestServices: true })((it) => {
    /** Lets the first transactions that write a comment fail with a state. */
    const failing = Effect.fnUntraced(function*<A, E, R>(times: number, state: string, effect: Effect.Effect<A, E, R>) {
      const sql = yield* SqlClient.SqlClient
      // A sequence isn't rolled back: it counts across transactions.
      yield* sql`CREATE SEQUENCE tries`
      yield* sql.unsafe(`
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('tries') <= ${times} THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '${state}'; END IF;
          RETURN NULL;
        END $$`)
      yield* sql`CREATE TRIGGER fail AFTER INSERT ON comments FOR EACH STATEMENT EXECUTE FUNCTION fail()`
      const result = yield* effect
      yield* sql`DROP TRIGGER fail ON comments`
      yield* sql`DROP FUNCTION fail`
      yield* sql`DROP SEQUENCE tries`
      return result
    })

    it.effect("repeats the batch at once after a deadlock or a serialization failure", () =>
      Effect.gen(function*() {
        for (const state of ["40001", "40P01"]) {
          yield* emptyReadModel
          const before = (yield* Metric.value(conflicts)).count
          assert.deepInclude(yield* failing(3, state, project(log)), { applied: 3, parked: [] })
          assert.strictEqual((yield* Metric.value(conflicts)).count - before, 3)
          assert.deepStrictEqual(yield* readModel, foldReadModel(log))
        }
      }))

    it.effect("fails the batch, and parks nothing, where that doesn't end", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const failed = yield* failing(1000, "40P01", Effect.flip(project(log)))
        assert.strictEqual(failed._tag, "ProjectionUnavailable")
        assert.strictEqual(yield* parkedCount, 0)
        assert.deepInclude(yield* project(log), { applied: 3, parked: [] })
      }))
  })
})
