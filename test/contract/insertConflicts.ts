import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { PostgresControls } from "./PostgresControls.ts"
import { type It, opened, refusal, run } from "./transactionSteps.ts"

const put = (picture: string, count = 0) =>
  `INSERT INTO picture_counts (picture_id, count) VALUES ('${picture}', ${count})`
const orNothing = "ON CONFLICT DO NOTHING RETURNING count"
const orRaise = "ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + excluded.count RETURNING count"
const orLock = "ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count WHERE false"
const count = (picture: string) => run(`SELECT count FROM picture_counts WHERE picture_id = '${picture}'`)
const waiting = (count: number) => PostgresControls.use((controls) => controls.waiting(count))

/** What becomes of inserts of rows that others insert, change or delete. */
export const insertConflicts = (it: It): void => {
  it.effect("an insert waits for who inserts the same, and finds its row there", () =>
    Effect.gen(function*() {
      const first = yield* opened(run(put("a", 1)))
      const nothing = yield* Effect.forkChild(run(`${put("a", 2)} ${orNothing}`))
      const raised = yield* Effect.forkChild(run(`${put("a", 4)} ${orRaise}`))
      const refused = yield* Effect.forkChild(refusal(put("a", 8)))
      yield* waiting(3)
      assert.isEmpty(yield* count("a"))
      yield* first.commit
      assert.deepStrictEqual(yield* Fiber.join(nothing), [])
      assert.deepStrictEqual(yield* Fiber.join(raised), [{ count: 5 }])
      assert.deepStrictEqual(yield* Fiber.join(refused), ["23505", "picture_counts_pkey"])
    }))

  it.effect("an insert whose rival is rolled back is made", () =>
    Effect.gen(function*() {
      const first = yield* opened(run(put("b", 1)))
      const nothing = yield* Effect.forkChild(run(`${put("b", 2)} ${orNothing}`))
      yield* waiting(1)
      yield* first.rollback
      assert.deepStrictEqual(yield* Fiber.join(nothing), [{ count: 2 }])
    }))

  it.effect("a row that is only locked is a conflict at once, one that is being changed or deleted is waited for", () =>
    Effect.gen(function*() {
      yield* run(put("c", 1))
      const locking = yield* opened(run("SELECT count FROM picture_counts WHERE picture_id = 'c' FOR UPDATE"))
      assert.deepStrictEqual(yield* run(`${put("c", 2)} ${orNothing}`), [])
      yield* locking.commit
      const changing = yield* opened(run("UPDATE picture_counts SET count = 7 WHERE picture_id = 'c'"))
      const afterChange = yield* Effect.forkChild(run(`${put("c", 2)} ${orNothing}`))
      yield* waiting(1)
      yield* changing.commit
      assert.deepStrictEqual(yield* Fiber.join(afterChange), [])
      const deleting = yield* opened(run("DELETE FROM picture_counts WHERE picture_id = 'c'"))
      const afterDeletion = yield* Effect.forkChild(run(`${put("c", 3)} ${orNothing}`))
      yield* waiting(1)
      yield* deleting.commit
      assert.deepStrictEqual(yield* Fiber.join(afterDeletion), [{ count: 3 }])
    }))

  it.effect("ON CONFLICT DO UPDATE locks also where its condition leaves the row alone", () =>
    Effect.gen(function*() {
      yield* run(put("d", 1))
      const holder = yield* opened(run(`${put("d")} ${orLock}`))
      const waiter = yield* Effect.forkChild(run(`${put("d", 2)} ${orRaise}`))
      yield* waiting(1)
      yield* holder.commit
      assert.deepStrictEqual(yield* Fiber.join(waiter), [{ count: 3 }])
    }))

  it.effect("what a WITH does, and nobody reads, comes after the main statement", () =>
    Effect.gen(function*() {
      yield* run(put("e"))
      yield* run("INSERT INTO author_counts (author_id, count) VALUES ('e', 0)")
      const holder = yield* opened(run("SELECT count FROM author_counts WHERE author_id = 'e' FOR UPDATE"))
      const both = yield* Effect.forkChild(run(`
        WITH authors AS (UPDATE author_counts SET count = count + 1 WHERE author_id = 'e')
        UPDATE picture_counts SET count = count + 1 WHERE picture_id = 'e'`))
      yield* waiting(1)
      const behind = yield* Effect.forkChild(run("SELECT count FROM picture_counts WHERE picture_id = 'e' FOR UPDATE"))
      yield* waiting(2)
      yield* holder.commit
      yield* Fiber.join(both)
      assert.deepStrictEqual(yield* Fiber.join(behind), [{ count: 1 }])
    }))

  it.effect("a statement goes on with what it saw when it began, however long it waits", () =>
    Effect.gen(function*() {
      yield* run(put("f"))
      const holder = yield* opened(run("SELECT count FROM picture_counts WHERE picture_id = 'f' FOR UPDATE"))
      const both = yield* Effect.forkChild(run(`
        WITH raised AS (UPDATE picture_counts SET count = count + 1 WHERE picture_id = 'f' RETURNING count)
        SELECT raised.count, (SELECT count(*)::int4 FROM picture_counts WHERE picture_id = 'later') AS later FROM raised`))
      yield* waiting(1)
      yield* run(put("later"))
      yield* holder.commit
      assert.deepStrictEqual(yield* Fiber.join(both), [{ count: 1, later: 0 }])
    }))

  it.effect("the next statement of the same transaction sees what was committed meanwhile", () =>
    Effect.gen(function*() {
      const begun = yield* Deferred.make<void>()
      const committed = yield* Deferred.make<void>()
      const reader = yield* Effect.forkChild(
        SqlClient.SqlClient.use((sql) =>
          sql.withTransaction(Effect.gen(function*() {
            const before = yield* count("g")
            yield* Deferred.succeed(begun, undefined)
            yield* Deferred.await(committed)
            return [before, yield* count("g")]
          }))
        )
      )
      yield* Deferred.await(begun)
      yield* run(put("g", 1))
      yield* Deferred.succeed(committed, undefined)
      assert.deepStrictEqual(yield* Fiber.join(reader), [[], [{ count: 1 }]])
    }))

  it.effect("what the tables don't take is refused with its state and constraint", () =>
    Effect.gen(function*() {
      yield* run(put("h"))
      assert.deepStrictEqual(yield* refusal(put("h")), ["23505", "picture_counts_pkey"])
      assert.deepStrictEqual(yield* refusal(put("i", -1)), ["23514", "picture_counts_count_check"])
      assert.deepStrictEqual(yield* refusal(`${put("h", -1)} ${orRaise}`), ["23514", "picture_counts_count_check"])
      assert.deepStrictEqual(yield* refusal("INSERT INTO picture_counts (picture_id) VALUES ('i')"), ["23502"])
      assert.deepStrictEqual(
        yield* refusal(`
          INSERT INTO picture_counts (picture_id, count) VALUES ('i', 1), ('i', 1)
          ON CONFLICT (picture_id) DO UPDATE SET count = 2`),
        ["21000"]
      )
      assert.isEmpty(yield* count("i"))
    }))
}
