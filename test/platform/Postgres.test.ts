import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { Context, Deferred, Effect, Exit, Fiber, Layer, Option, Redacted } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import * as Postgres from "../../src/platform/Postgres.ts"
import { sqlState } from "../../src/platform/sqlState.ts"
import { describeEngines, describePostgres, makePostgresDatabase } from "../engines/databases.ts"

describeEngines("The client", (engine) => {
  it.layer(engine.database({ maxConnections: 8 }))((it) => {
    it.effect("reads int8 as a number, xid8 as a string that can be compared with again, and JSON as values", () =>
      Effect.gen(function*() {
        const sql = yield* PgClient.PgClient
        const json = { list: [1, "é", null] }
        const rows = yield* sql`
          SELECT 1099511627776 AS large, count(*) AS count, '18446744073709551615'::xid8 AS xid, ${
          sql.json(json)
        } AS json`
        assert.deepStrictEqual(rows, [{ large: 1099511627776, count: 1, xid: "18446744073709551615", json }])
        const [now] = yield* sql<{ readonly xid: string; readonly numbers: ReadonlyArray<number> }>`
          SELECT pg_current_xact_id() AS xid, '{1,2}'::int8[] AS numbers`
        assert.deepStrictEqual(now, { xid: String(Number(now?.xid)), numbers: [1, 2] })
        const later = yield* sql`SELECT pg_current_xact_id() > ${now?.xid} AS later`
        assert.deepStrictEqual(later, [{ later: true }])
      }))

    it.effect("refuses an int8 that a number can't hold, and goes on with another connection", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        assert.isTrue(Exit.isFailure(yield* Effect.exit(sql`SELECT 9007199254740993`)))
        assert.deepStrictEqual(yield* sql`SELECT 9007199254740991 AS largest`, [{ largest: 9007199254740991 }])
      }))

    it.effect("keeps the transactions of many fibers apart", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE transfers (fiber int4 NOT NULL, step int4 NOT NULL)`
        const fibers = Array.from({ length: 40 }, (_, fiber) => fiber)
        const transfer = (fiber: number) =>
          sql.withTransaction(
            Effect.gen(function*() {
              for (const step of [1, 2, 3]) {
                yield* sql`INSERT INTO transfers VALUES (${fiber}, ${step})`
                yield* Effect.yieldNow
              }
              if (fiber % 4 === 0) return yield* Effect.fail("rolled back")
            })
          ).pipe(Effect.exit)
        const lone = sql`SELECT 1 AS one`
        yield* Effect.all([...fibers.map(transfer), ...fibers.map(() => lone)], { concurrency: "unbounded" })
        const rows = yield* sql`SELECT fiber, count(*) AS steps FROM transfers GROUP BY fiber ORDER BY fiber`
        assert.deepStrictEqual(rows, fibers.filter((fiber) => fiber % 4 !== 0).map((fiber) => ({ fiber, steps: 3 })))
      }))

    it.effect("goes on after queries and transactions that were interrupted in mid-flight", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE interrupted (n int4)`
        for (const _ of [1, 2, 3]) {
          const begun = yield* Deferred.make<void>()
          const fiber = yield* sql`INSERT INTO interrupted VALUES (1)`.pipe(
            Effect.andThen(Deferred.succeed(begun, undefined)),
            Effect.andThen(sql`SELECT count(*) FROM generate_series(1, 500000)`),
            Effect.andThen(Effect.never),
            sql.withTransaction,
            Effect.forkChild
          )
          yield* Deferred.await(begun)
          yield* Effect.yieldNow
          yield* Fiber.interrupt(fiber)
          const lone = yield* Effect.forkChild(sql`SELECT count(*) FROM generate_series(1, 500000)`)
          yield* Effect.yieldNow
          yield* Fiber.interrupt(lone)
        }
        assert.deepStrictEqual(yield* sql`SELECT count(*) AS count FROM interrupted`, [{ count: 0 }])
      }))

    it.effect("carries large values both ways", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const large = "é".repeat(3_000_000)
        const [row] = yield* sql<{ readonly text: string }>`SELECT ${large} AS text`
        assert.isTrue(row?.text === large)
      }))

    it.effect("hands back every row of a long result", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const rows = yield* sql<{ readonly n: number }>`SELECT n FROM generate_series(1, 50000) AS n`
        assert.deepStrictEqual([rows.length, rows.at(-1)], [50000, { n: 50000 }])
      }))
  })
})

describePostgres("The pool", () => {
  const settings = { applicationName: "marginalia-pool", maxConnections: 2 }

  it.effect("opens no more connections than it may, under the program's name", () =>
    Effect.gen(function*() {
      const url = yield* makePostgresDatabase
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const backends = yield* Effect.all(
          Array.from({ length: 20 }, () => sql<{ readonly pid: number }>`SELECT pg_backend_pid() AS pid`),
          { concurrency: "unbounded" }
        )
        assert.isAtMost(new Set(backends.map(([row]) => row?.pid)).size, 2)
        const names = yield* sql`SELECT current_setting('application_name') AS name`
        assert.deepStrictEqual(names, [{ name: "marginalia-pool" }])
      }).pipe(Effect.provide(Postgres.layer({ ...settings, url })))
    }))

  it.effect("ends a statement that takes longer than it may, on the server", () =>
    Effect.gen(function*() {
      const url = yield* makePostgresDatabase
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const error = yield* Effect.flip(sql`SELECT pg_sleep(60)`)
        assert.deepStrictEqual(sqlState(error), Option.some("57014"))
        assert.deepStrictEqual(yield* sql`SELECT 1 AS one`, [{ one: 1 }])
      }).pipe(Effect.provide(Postgres.layer({ ...settings, url, statementTimeout: "50 millis" })))
    }))

  it.effect("lets the server end a transaction that stays idle", () =>
    Effect.gen(function*() {
      const url = yield* makePostgresDatabase
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const watcher = yield* Deferred.make<number>()
        const idler = yield* sql.withTransaction(
          Effect.gen(function*() {
            const [row] = yield* sql<{ readonly pid: number }>`SELECT pg_backend_pid() AS pid`
            yield* Deferred.succeed(watcher, row?.pid ?? 0)
            return yield* Effect.never
          })
        ).pipe(Effect.forkChild)
        const pid = yield* Deferred.await(watcher)
        const running = sql<
          { readonly count: number }
        >`SELECT count(*) AS count FROM pg_stat_activity WHERE pid = ${pid}`
        yield* Effect.repeat(running, { until: ([row]) => row?.count === 0 })
        yield* Fiber.interrupt(idler)
        assert.deepStrictEqual(yield* sql`SELECT 1 AS one`, [{ one: 1 }])
      }).pipe(Effect.provide(Postgres.layer({ ...settings, url, idleInTransactionTimeout: "50 millis" })))
    }))

  it.effect("cancels the query of a fiber that is interrupted, on the server", () =>
    Effect.gen(function*() {
      const url = yield* makePostgresDatabase
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const sleeping = sql<{ readonly count: number }>`
          SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`
        const fiber = yield* Effect.forkChild(sql`SELECT pg_sleep(60)`)
        yield* Effect.repeat(sleeping, { until: ([row]) => row?.count === 1 })
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual(yield* sleeping, [{ count: 0 }])
      }).pipe(Effect.provide(Postgres.layer({ ...settings, url })))
    }))

  it.effect("fails, without a defect, when a transaction loses its connection, and keeps nothing of it", () =>
    Effect.gen(function*() {
      const url = yield* makePostgresDatabase
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE lost (n int4)`
        const other = Context.get(yield* Layer.build(Postgres.layer({ ...settings, url })), SqlClient.SqlClient)
        const terminated = Effect.gen(function*() {
          const [row] = yield* sql<
            { readonly pid: number }
          >`INSERT INTO lost VALUES (1) RETURNING pg_backend_pid() AS pid`
          yield* other`SELECT pg_terminate_backend(${row?.pid})`
          return yield* sql`SELECT 1`
        })
        const swallowed = Effect.andThen(Effect.exit(terminated), Effect.fail("not the database's error"))
        for (
          const lost of [
            yield* Effect.flip(sql.withTransaction(terminated)),
            yield* Effect.flip(sql.withTransaction(sql.withTransaction(terminated))),
            yield* Effect.flip(sql.withTransaction(swallowed))
          ]
        ) {
          assert.isTrue(SqlError.isSqlError(lost))
        }
        assert.deepStrictEqual(yield* sql`SELECT count(*) AS count FROM lost`, [{ count: 0 }])
      }).pipe(Effect.provide(Postgres.layer({ ...settings, url })))
    }))

  it.effect("says that it can't connect with an error that has no SQLSTATE", () =>
    Effect.gen(function*() {
      const error = yield* SqlClient.SqlClient.pipe(
        Effect.flatMap((sql) => sql`SELECT 1`),
        Effect.provide(Postgres.layer({ ...settings, url: Redacted.make("postgres://nobody@127.0.0.1:1/nowhere") })),
        Effect.flip
      )
      assert.deepStrictEqual([error.reason._tag, sqlState(error)], ["ConnectionError", Option.none()])
    }))
})
