import { Console, Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as EmbeddedPostgresClient from "../../src/platform/EmbeddedPostgresClient.ts"

// A program that inserts numbers from its second argument on into the embedded database in the directory that its first
// argument names, and prints each number once it is committed, until it is killed.

const [, , directory = "", first = "1"] = process.argv

const insertForEver = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE IF NOT EXISTS numbers (n int8 PRIMARY KEY, padding text NOT NULL)`
  for (let n = Number(first);; n += 1) {
    yield* sql`INSERT INTO numbers VALUES (${n}, ${"x".repeat(1000)})`
    yield* Console.log(n)
  }
})

Effect.runFork(Effect.provide(insertForEver, EmbeddedPostgresClient.layer({ directory })))
