import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { spawn } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { findPostgres } from "../../src/programs/stack/engines/postgresBinaries.ts"
import { startPostgres } from "../../src/programs/stack/engines/postgresServer.ts"
import { describePostgres } from "./databases.ts"

/** Starts a server in a process of its own, kills that process with SIGKILL, and gives the server's URL. */
const urlOfAbandonedServer = Effect.callback<string>((resume) => {
  const script = fileURLToPath(new URL("./runPostgresServer.ts", import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] })
  let url = ""
  child.stdout.once("data", (data) => {
    url = String(data)
    child.kill("SIGKILL")
  })
  child.once("close", () => resume(Effect.succeed(url)))
  return Effect.sync(() => child.kill("SIGKILL"))
})

const listens = (url: URL) =>
  Effect.callback<boolean>((resume) => {
    const socket = connect(Number(url.port), url.hostname)
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.succeed(true))
    })
    socket.once("error", () => resume(Effect.succeed(false)))
  })

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
      const url = new URL(yield* urlOfAbandonedServer)
      const listening = yield* Effect.repeat(listens(url), { until: (listening) => !listening })
      assert.isFalse(listening)
    }))
})
