import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
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

/** What a server says to those who come, by their names and what they say; and of its own setting, if it lets them in. */
const answersTo = (server: string, [username, password]: readonly [string, string]) => {
  const url = new URL(server)
  url.username = username
  url.password = password
  return SqlClient.SqlClient.use((sql) =>
    sql<{ readonly setting: string }>`
    SELECT current_setting('log_error_verbosity') AS setting`
  ).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(url.href), maxConnections: 1 })),
    Effect.match({ onSuccess: ([row]) => row?.setting ?? "", onFailure: (error) => inspect(error, { depth: 9 }) })
  )
}

describePostgres("The server of the local stack", () => {
  it.live("asks each user for their own password, on data that a version before kept for whoever came, too", () =>
    Effect.gen(function*() {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-server-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
      )
      chmodSync(folder, 0o755)
      const old = yield* Effect.scoped(
        Effect.tap(startPostgres({ folder }), (url) =>
          SqlClient.SqlClient.use((sql) =>
            Effect.andThen(
              sql`CREATE ROLE one LOGIN PASSWORD 'one''s'`,
              sql`CREATE ROLE other LOGIN PASSWORD 'other''s'`
            )
          ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 }))))
      )
      assert.strictEqual(new URL(old).password, "")
      const refused = /password authentication failed|no password|SASL|password must be/i
      for (const time of ["first", "second"]) {
        yield* Effect.scoped(Effect.gen(function*() {
          const server = yield* startPostgres({ folder, passwords: true })
          const { password } = new URL(server)
          for (const [who, own] of [["one", "one's"], ["other", "other's"], ["postgres", password]] as const) {
            // A log of errors that quotes no row.
            assert.strictEqual(yield* answersTo(server, [who, own]), "terse", `${who}, the ${time} time`)
            for (const wrong of ["", "one's", "other's", password].filter((said) => said !== own)) {
              assert.match(yield* answersTo(server, [who, wrong]), refused, `${who} with ${wrong}`)
            }
          }
          const secret = statSync(join(folder, "superuser-password"))
          assert.strictEqual(secret.mode & 0o777, 0o600)
        }))
      }
    }).pipe(Effect.scoped))
})

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
