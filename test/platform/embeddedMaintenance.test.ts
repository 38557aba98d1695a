import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { maintain } from "../../src/platform/embeddedMaintenance.ts"
import { pglite } from "../engines/databases.ts"

const redo = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly redo: string }>`SELECT redo_lsn::text AS redo FROM pg_control_checkpoint()`
  return row?.redo
})

const fill = (rows: number, width: number) =>
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE TABLE IF NOT EXISTS filled (id int, filling text STORAGE EXTERNAL)`
    yield* sql`INSERT INTO filled SELECT n, repeat(md5(n::text), ${width}) FROM generate_series(1, ${rows}) AS n`
  })

describe("The maintenance of the embedded database", () => {
  it.layer(pglite.database(), { excludeTestServices: true, timeout: "120 seconds" })((it) => {
    it.effect("leaves it alone where there is nothing to do", () =>
      Effect.gen(function*() {
        const before = yield* redo
        yield* maintain()
        assert.strictEqual(yield* redo, before)
      }))

    it.effect("makes a checkpoint once much has been written since the last", () =>
      Effect.gen(function*() {
        yield* fill(24_000, 90)
        const before = yield* redo
        yield* maintain()
        assert.notStrictEqual(yield* redo, before)
      }))

    it.effect("vacuums and analyses a table that has changed much", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`UPDATE filled SET filling = ''`
        yield* sql`UPDATE filled SET id = id + 1`
        yield* maintain()
        const [row] = yield* sql<{ readonly dead: number; readonly analysed: boolean }>`
          SELECT n_dead_tup AS dead, last_analyze IS NOT NULL AS analysed FROM pg_stat_user_tables WHERE relname = 'filled'`
        assert.deepStrictEqual(row, { dead: 0, analysed: true })
      }))
  })
})
