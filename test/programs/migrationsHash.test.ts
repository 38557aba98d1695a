import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { type DatabaseStep, hashOf, migrationsHash } from "../../src/programs/generate/migrationsHash.ts"
import { readTemplate } from "../infra/template.ts"

const step = (name: string, statement: string, value = 1): DatabaseStep<SqlError.SqlError> => [
  name,
  SqlClient.SqlClient.use((sql) => sql.withTransaction(Effect.andThen(sql.unsafe(statement), sql`SELECT ${value}`)))
]

const one = [step("0001_one", "CREATE TABLE one ()"), step("0002_two", "CREATE TABLE two ()")]

describe("What stands for what is done to a database", () => {
  it.effect("is the same for the same, without a database", () =>
    Effect.gen(function*() {
      assert.match(yield* hashOf(one), /^[0-9a-f]{64}$/)
      assert.strictEqual(yield* hashOf(one), yield* hashOf([...one]))
    }))

  it.effect("is another for another step, order, name, statement or value", () =>
    Effect.gen(function*() {
      const [first, second] = one
      assert(first !== undefined && second !== undefined)
      const others = [
        [first],
        [second, first],
        [step("0001_other", "CREATE TABLE one ()"), second],
        [step("0001_one", "CREATE TABLE one (id int)"), second],
        [step("0001_one", "CREATE TABLE one ()", 2), second]
      ]
      const hashes = yield* Effect.forEach([one, ...others], hashOf)
      assert.lengthOf(new Set(hashes), hashes.length)
    }))

  it.effect("is in the template, of all that the migration does", () =>
    Effect.gen(function*() {
      const { MigrationsHash } = readTemplate("migration").Resources["Migration"]?.Properties ?? {}
      assert.strictEqual(MigrationsHash, yield* migrationsHash)
    }))
})
