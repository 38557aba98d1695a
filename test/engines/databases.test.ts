import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { describeEngines } from "./databases.ts"

describeEngines("A test database", (engine) => {
  it.layer(engine.database())((it) => {
    it.effect("is new and empty", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const tables = yield* sql`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
        assert.deepStrictEqual(tables, [])
      }))
  })
})
