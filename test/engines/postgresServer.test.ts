import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findPostgres } from "../../src/programs/stack/engines/postgresBinaries.ts"
import { startPostgres } from "../../src/programs/stack/engines/postgresServer.ts"
import { listens, urlOfAbandoned } from "./abandoned.ts"
import { describePostgres } from "./databases.ts"

/** A folder of programs that is no PostgreSQL's own: its server is the usual one, and has a name that tells where it comes from. */
const otherPrograms = Effect.gen(function*() {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-programs-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const programs = (yield* findPostgres)(folder)
  writeFileSync(join(folder, "initdb"), `#!/bin/sh\nexec '${programs}/initdb' "$@"\n`)
  writeFileSync(join(folder, "postgres"), `#!/bin/sh\nexec '${programs}/postgres' "$@" -c cluster_name=other\n`)
  // Root hands the server over to another user, who must be able to run them.
  for (const path of ["", "initdb", "postgres"]) chmodSync(join(folder, path), 0o755)
  return folder
})

const clusterName = (url: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql<{ readonly cluster_name: string }>`SHOW cluster_name`).pipe(
    Effect.map(([row]) => row?.cluster_name),
    Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 }))
  )

const told = (POSTGRES_BIN: string) => ConfigProvider.layer(ConfigProvider.fromUnknown({ POSTGRES_BIN }))

describePostgres("The server of a test run", () => {
  it.live("is the one whose programs POSTGRES_BIN names", () =>
    Effect.gen(function*() {
      const folder = yield* otherPrograms
      const url = yield* Effect.provide(startPostgres(), told(folder))
      assert.strictEqual(yield* clusterName(url), "other")
    }).pipe(Effect.scoped))

  it.effect("isn't started where POSTGRES_BIN names a folder without it", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(Effect.provide(findPostgres, told("/nowhere")))
      assert.strictEqual(message, "POSTGRES_BIN is \"/nowhere\", where there is no initdb and no postgres.")
    }))

  it.effect("ends with the process that started it, however that ends", () =>
    Effect.gen(function*() {
      const url = yield* urlOfAbandoned("./runPostgresServer.ts")
      const listening = yield* Effect.repeat(listens(url), { until: (listening) => !listening })
      assert.isFalse(listening)
    }))
})
