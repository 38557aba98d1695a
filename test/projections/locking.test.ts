import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { insertConflicts } from "../contract/insertConflicts.ts"
import { PostgresControls } from "../contract/PostgresControls.ts"
import { rowLocks } from "../contract/rowLocks.ts"
import { savepoints } from "../contract/savepoints.ts"
import { describePostgres } from "../engines/databases.ts"
import { commit, edited, history, posted, stream, sunset } from "../support/encodedCommits.ts"
import { during, someoneWaits } from "../support/lockWaits.ts"
import { project, projectorOn } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, readModel } from "../support/readModel.ts"

describePostgres("A projector that runs at the same time as another", (engine) => {
  it.layer(Layer.provideMerge(PostgresControls.layer, projectorOn(engine)), { excludeTestServices: true })((it) => {
    // What the simulation of a server is held to as well.
    rowLocks(it)
    insertConflicts(it)
    savepoints(it)

    it.effect("drops what the other applied while it waited for the position", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* project([commit(stream(1), 1, posted("one"))])
        const sql = yield* SqlClient.SqlClient
        const waiting = yield* during(
          sql`UPDATE stream_positions SET version = 2`,
          Effect.gen(function*() {
            const fiber = yield* Effect.forkChild(project([commit(stream(1), 2, edited("two"))]))
            assert.match((yield* someoneWaits).query, /FROM stream_positions [^]* FOR UPDATE/)
            return fiber
          })
        )
        assert.deepInclude(yield* Fiber.join(waiting), { applied: 0, skipped: 1, parked: [], pictures: [sunset] })
        assert.deepInclude((yield* readModel).comments[0], { text: "one", version: 1 })
      }))

    it.effect("leaves out a stream that shows a gap under its lock, heals it, and goes on with the others", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const log = [...history(stream(1), [posted("one")], [edited("two")]), commit(stream(2), 1, posted("other"))]
        yield* RawLog.write(log)
        yield* project(log.slice(0, 1))
        const sql = yield* SqlClient.SqlClient
        // Only somebody who empties the read model makes a position go back.
        const waiting = yield* during(
          sql`WITH gone AS (DELETE FROM comments), history AS (DELETE FROM comment_history),
                   pictures AS (DELETE FROM picture_counts), authors AS (DELETE FROM author_counts)
              UPDATE stream_positions SET version = 0`,
          Effect.tap(Effect.forkChild(project(log.slice(1))), () => someoneWaits)
        )
        assert.deepInclude(yield* Fiber.join(waiting), { applied: 3, parked: [] })
        const { comments, pictures } = yield* readModel
        assert.deepStrictEqual(comments.map(({ text }) => text), ["two", "other"])
        assert.deepStrictEqual(pictures, { [sunset]: 2 })
      }))

    it.effect("adds to a counter what the other leaves in it", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* project([commit(stream(1), 1, posted("one"))])
        const sql = yield* SqlClient.SqlClient
        const waiting = yield* during(
          sql`UPDATE picture_counts SET count = count + 41`,
          Effect.gen(function*() {
            const fiber = yield* Effect.forkChild(project([commit(stream(2), 1, posted("two"))]))
            assert.match((yield* someoneWaits).query, /INSERT INTO picture_counts/)
            return fiber
          })
        )
        yield* Fiber.join(waiting)
        assert.deepStrictEqual((yield* readModel).pictures, { [sunset]: 43 })
      }))
  })
})
