import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber, Option, Result } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { sqlState } from "../../src/platform/sqlState.ts"
import { PostgresControls } from "./PostgresControls.ts"
import { type It, opened, run } from "./transactionSteps.ts"

const id = (n: number) => `00000000-0000-7000-8000-${n.toString().padStart(12, "0")}`
const made = (...streams: ReadonlyArray<number>) =>
  run(`INSERT INTO stream_positions (stream) VALUES ${streams.map((n) => `('${id(n)}')`).join(", ")}`)
const at = (n: number) => `FROM stream_positions WHERE stream = '${id(n)}'`
const raise = (n: number) => `UPDATE stream_positions SET version = version + 1 WHERE stream = '${id(n)}'`
const waiting = (count: number) => PostgresControls.use((controls) => controls.waiting(count))

/** How transactions wait for rows that others hold, and what they find then. */
export const rowLocks = (it: It): void => {
  it.effect("whoever wants a locked row waits, and finds it as it is then", () =>
    Effect.gen(function*() {
      yield* made(1)
      const holder = yield* opened(Effect.andThen(run(`SELECT version ${at(1)} FOR UPDATE`), run(raise(1))))
      const locking = yield* Effect.forkChild(run(`SELECT version ${at(1)} FOR UPDATE`))
      yield* waiting(1)
      const changing = yield* Effect.forkChild(run(raise(1)))
      yield* waiting(2)
      yield* holder.commit
      assert.deepStrictEqual(yield* Fiber.join(locking), [{ version: 1 }])
      yield* Fiber.join(changing)
      assert.deepStrictEqual(yield* run(`SELECT version ${at(1)}`), [{ version: 2 }])
    }))

  it.effect("what isn't committed is seen by nobody else, and keeps nobody from reading", () =>
    Effect.gen(function*() {
      yield* made(2)
      const holder = yield* opened(run(raise(2)))
      assert.deepStrictEqual(yield* run(`SELECT version ${at(2)}`), [{ version: 0 }])
      yield* holder.rollback
      assert.deepStrictEqual(yield* run(`SELECT version ${at(2)}`), [{ version: 0 }])
    }))

  it.effect("a row that no longer fits after the wait is left out, and so is one that is gone", () =>
    Effect.gen(function*() {
      yield* made(3, 4)
      const holder = yield* opened(Effect.andThen(run(raise(3)), run(`DELETE ${at(4)}`)))
      const unfit = yield* Effect.forkChild(run(`${raise(3)} AND version = 0 RETURNING version`))
      const gone = yield* Effect.forkChild(run(`SELECT version ${at(4)} FOR UPDATE`))
      yield* waiting(2)
      yield* holder.commit
      assert.deepStrictEqual([yield* Fiber.join(unfit), yield* Fiber.join(gone)], [[], []])
    }))

  it.effect("who waits for a transaction that is rolled back finds the row as it was", () =>
    Effect.gen(function*() {
      yield* made(5)
      const holder = yield* opened(Effect.andThen(run(raise(5)), run(`DELETE ${at(5)}`)))
      const waiter = yield* Effect.forkChild(run(`${raise(5)} RETURNING version`))
      yield* waiting(1)
      yield* holder.rollback
      assert.deepStrictEqual(yield* Fiber.join(waiter), [{ version: 1 }])
    }))

  it.effect("rows are locked in the order asked for", () =>
    Effect.gen(function*() {
      yield* made(8, 7, 6)
      const holder = yield* opened(run(`SELECT version ${at(7)} FOR UPDATE`))
      const sql = yield* SqlClient.SqlClient
      const several = yield* Effect.forkChild(
        sql`SELECT version FROM stream_positions WHERE stream = ANY(${[6, 7, 8].map(id)}::uuid[])
            ORDER BY stream FOR UPDATE`
      )
      yield* waiting(1)
      // The last is still free, the first is not.
      yield* run(`SELECT version ${at(8)} FOR UPDATE`)
      const first = yield* Effect.forkChild(run(`SELECT version ${at(6)} FOR UPDATE`))
      yield* waiting(2)
      yield* holder.commit
      assert.lengthOf(yield* Fiber.join(several), 3)
      yield* Fiber.join(first)
    }))

  it.effect("those who wait get the row one after the other, each as the one before left it", () =>
    Effect.gen(function*() {
      yield* made(9)
      const came: Array<number> = []
      const holder = yield* opened(run(raise(9)))
      const fibers: Array<Fiber.Fiber<number, SqlError.SqlError>> = []
      for (const turn of [1, 2, 3]) {
        const next = Effect.andThen(run(raise(9)), Effect.sync(() => came.push(turn)))
        fibers.push(yield* Effect.forkChild(SqlClient.SqlClient.use((sql) => sql.withTransaction(next))))
        yield* waiting(turn)
      }
      yield* holder.commit
      yield* Fiber.joinAll(fibers)
      // The server promises no order: who waits for a row that changes looks for its new version again.
      assert.sameMembers(came, [1, 2, 3])
      assert.deepStrictEqual(yield* run(`SELECT version ${at(9)}`), [{ version: 4 }])
    }))

  it.effect("of two who wait for each other one is refused, and the other goes on", () =>
    Effect.gen(function*() {
      yield* made(10, 11)
      const sql = yield* SqlClient.SqlClient
      const both = [yield* Deferred.make<void>(), yield* Deferred.make<void>()] as const
      const crossing = (own: 0 | 1) =>
        Effect.result(sql.withTransaction(
          run(raise(10 + own)).pipe(
            Effect.andThen(Deferred.succeed(both[own], undefined)),
            Effect.andThen(Deferred.await(both[own === 0 ? 1 : 0])),
            Effect.andThen(run(raise(own === 0 ? 11 : 10)))
          )
        ))
      const results = yield* Effect.all([crossing(0), crossing(1)], { concurrency: 2 })
      const failures = results.flatMap((result) => Result.isFailure(result) ? [result.failure] : [])
      assert.deepStrictEqual(failures.map((error) => Option.getOrNull(sqlState(error))), ["40P01"])
      assert.deepStrictEqual(yield* run(`SELECT version ${at(10)}`), [{ version: 1 }])
      assert.deepStrictEqual(yield* run(`SELECT version ${at(11)}`), [{ version: 1 }])
    }))

  it.effect("a session that is cut while it waits leaves nothing behind", () =>
    Effect.gen(function*() {
      yield* made(12, 13)
      const sql = yield* SqlClient.SqlClient
      const holder = yield* opened(run(raise(12)))
      const cut = yield* Effect.forkChild(
        Effect.result(sql.withTransaction(Effect.andThen(run(raise(13)), run(raise(12)))))
      )
      const [session] = yield* waiting(1)
      assert(session !== undefined)
      yield* session.cut
      assert(Result.isFailure(yield* Fiber.join(cut)))
      yield* run(raise(13))
      yield* holder.commit
      assert.deepStrictEqual(yield* run(`SELECT version ${at(13)}`), [{ version: 1 }])
    }))
}
