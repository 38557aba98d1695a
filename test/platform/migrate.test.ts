import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Migrations } from "../../src/platform/migrate.ts"
import { migrate } from "../../src/platform/migrate.ts"
import { describeEngines } from "../engines/databases.ts"

const run = (statement: string) => SqlClient.SqlClient.use((sql) => Effect.asVoid(sql.unsafe(statement)))

/** The migrations of three versions of a program whose tables all begin with `name`. */
const programs = (name: string) => {
  const one: Migrations = { "0001_pictures": run(`CREATE TABLE ${name}_pictures (id text PRIMARY KEY)`) }
  const two: Migrations = { ...one, "0002_titles": run(`ALTER TABLE ${name}_pictures ADD COLUMN title text`) }
  const halfway = Effect.andThen(run(`CREATE TABLE ${name}_halfway ()`), run("nonsense"))
  const broken: Migrations = { ...two, "0003_broken": halfway }
  return { table: `${name}_migrations`, one, two, broken }
}

const tablesOf = (name: string) =>
  SqlClient.SqlClient.use((sql) =>
    Effect.map(
      sql<{ name: string }>`
        SELECT tablename AS name FROM pg_tables WHERE tablename LIKE ${`${name}%`} ORDER BY tablename`,
      (rows) => rows.map(({ name }) => name)
    )
  )

describeEngines("migrate", (engine) => {
  it.layer(engine.database())((it) => {
    it.effect("applies what is missing, in order, and tells what it applied", () =>
      Effect.gen(function*() {
        const { one, table, two } = programs("growing")
        assert.deepStrictEqual(yield* migrate({ table, migrations: one }), {
          applied: [{ id: 1, name: "pictures" }],
          version: 1
        })
        assert.deepStrictEqual(yield* migrate({ table, migrations: two }), {
          applied: [{ id: 2, name: "titles" }],
          version: 2
        })
        assert.deepStrictEqual(yield* migrate({ table, migrations: two }), { applied: [], version: 2 })
      }))

    it.effect("lets programs that start together migrate one after the other, and all of them succeed", () =>
      Effect.gen(function*() {
        const { table, two } = programs("crowded")
        const runs = yield* Effect.all(Array.from({ length: 8 }, () => migrate({ table, migrations: two })), {
          concurrency: "unbounded"
        })
        const applied = runs.map(({ applied }) => applied.length).toSorted()
        assert.deepStrictEqual(applied, [0, 0, 0, 0, 0, 0, 0, 2])
        assert.isTrue(runs.every(({ version }) => version === 2))
      }))

    it.effect("refuses a database that is newer than the program with a sentence, and leaves it as it is", () =>
      Effect.gen(function*() {
        const { one, table, two } = programs("newer")
        yield* migrate({ table, migrations: two })
        const refusal = yield* Effect.flip(migrate({ table, migrations: one }))
        assert.strictEqual(refusal._tag, "DatabaseTooNew")
        assert.strictEqual(
          refusal.message,
          "The database has migration 2 in newer_migrations, but this version of the program knows only those up to 1: " +
            "start the newer version that migrated it."
        )
        assert.deepStrictEqual(yield* migrate({ table, migrations: two }), { applied: [], version: 2 })
      }))

    it.effect("leaves the database as it was when a migration fails", () =>
      Effect.gen(function*() {
        const { broken, one, table, two } = programs("failing")
        yield* migrate({ table, migrations: one })
        const before = yield* tablesOf("failing")
        const failure = yield* Effect.flip(migrate({ table, migrations: broken }))
        assert.strictEqual(failure._tag, "MigrationError")
        assert.deepStrictEqual(yield* tablesOf("failing"), before)
        assert.deepStrictEqual((yield* migrate({ table, migrations: two })).applied, [{ id: 2, name: "titles" }])
      }))

    it.effect("keeps apart what different tables remember", () =>
      Effect.gen(function*() {
        const { table, two } = programs("apart")
        yield* migrate({ table, migrations: two })
        const other = { "0001_other": run("CREATE TABLE apart_other ()") } satisfies Migrations
        assert.deepStrictEqual(yield* migrate({ table: "apart_other_migrations", migrations: other }), {
          applied: [{ id: 1, name: "other" }],
          version: 1
        })
      }))
  })
})
