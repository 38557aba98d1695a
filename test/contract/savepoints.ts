import { assert } from "@effect/vitest"
import { Effect, Exit, Fiber, Option, Result } from "effect"
import { SqlClient } from "effect/sql"
import { sqlState } from "../../src/platform/sqlState.ts"
import { PostgresControls } from "./PostgresControls.ts"
import { type It, opened, run } from "./transactionSteps.ts"

const put = (author: string) => run(`INSERT INTO author_counts (author_id, count) VALUES ('${author}', 0)`)
const lock = (author: string) => run(`SELECT count FROM author_counts WHERE author_id = '${author}' FOR UPDATE`)
const raise = (author: string) => run(`UPDATE author_counts SET count = count + 1 WHERE author_id = '${author}'`)
const count = (author: string) => run(`SELECT count FROM author_counts WHERE author_id = '${author}'`)
const waiting = (count: number) => PostgresControls.use((controls) => controls.waiting(count))

/** What savepoints keep and take back, and what a failure leaves of a transaction. */
export const savepoints = (it: It): void => {
  it.effect("going back to a savepoint takes back its rows and its locks, and keeps those before it", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* put("s-1")
      yield* put("s-2")
      const holder = yield* opened(
        raise("s-1").pipe(
          Effect.andThen(Effect.result(sql.withTransaction(
            raise("s-2").pipe(Effect.andThen(put("s-3")), Effect.andThen(Effect.fail("back")))
          ))),
          Effect.andThen(put("s-4"))
        )
      )
      // The locks of what was taken back are free again.
      yield* lock("s-2")
      yield* put("s-3")
      const waiter = yield* Effect.forkChild(lock("s-1"))
      yield* waiting(1)
      yield* holder.commit
      assert.deepStrictEqual(yield* Fiber.join(waiter), [{ count: 1 }])
      assert.deepStrictEqual([yield* count("s-2"), yield* count("s-4")], [[{ count: 0 }], [{ count: 0 }]])
    }))

  it.effect("a savepoint that isn't gone back to changes nothing", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql.withTransaction(Effect.andThen(put("s-5"), sql.withTransaction(raise("s-5"))))
      assert.deepStrictEqual(yield* count("s-5"), [{ count: 1 }])
    }))

  it.effect("after a failure nothing more is done, and a commit fails", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* put("s-6")
      const states: Array<string | null> = []
      const exit = yield* Effect.exit(sql.withTransaction(Effect.gen(function*() {
        yield* raise("s-6")
        yield* Effect.flip(put("s-6"))
        const next = yield* Effect.result(count("s-6"))
        states.push(Result.isFailure(next) ? Option.getOrNull(sqlState(next.failure)) : "done")
      })))
      assert.deepStrictEqual(states, ["25P02"])
      assert(Exit.isFailure(exit))
      assert.deepStrictEqual(yield* count("s-6"), [{ count: 0 }])
    }))

  it.effect("after a failure under a savepoint the transaction goes on from there", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* put("s-7")
      yield* sql.withTransaction(Effect.gen(function*() {
        yield* raise("s-7")
        assert(Result.isFailure(yield* Effect.result(sql.withTransaction(Effect.andThen(raise("s-7"), put("s-7"))))))
        yield* raise("s-7")
      }))
      assert.deepStrictEqual(yield* count("s-7"), [{ count: 2 }])
    }))

  it.effect("a failure releases the locks at once", () =>
    Effect.gen(function*() {
      yield* put("s-8")
      const failed = yield* opened(Effect.andThen(raise("s-8"), Effect.flip(put("s-8"))))
      yield* lock("s-8")
      yield* failed.rollback
    }))
}
