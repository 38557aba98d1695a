import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import type { Duplex } from "node:stream"
import { fileURLToPath } from "node:url"
import { EmbeddedPostgres } from "../../src/platform/EmbeddedPostgres.ts"
import * as EmbeddedPostgresClient from "../../src/platform/EmbeddedPostgresClient.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { makeEmbeddedDirectory } from "../engines/databases.ts"
import { wasmOptions } from "../engines/wasmOptions.ts"

/** The numbers that a program, killed with SIGKILL after `count` of them, was told to be committed. */
const acknowledgedUntilKilled = (directory: string, first: number, count: number) =>
  Effect.callback<ReadonlyArray<number>>((resume) => {
    const script = fileURLToPath(new URL("./insertUntilKilled.ts", import.meta.url))
    const child = spawn(process.execPath, [...wasmOptions, script, directory, String(first)], {
      // What it leaves behind is removed with the directory's parent.
      env: { ...process.env, TMPDIR: dirname(directory) },
      stdio: ["ignore", "pipe", "inherit"]
    })
    const acknowledged: Array<number> = []
    const lines = createInterface(child.stdout).on("line", (line) => {
      acknowledged.push(Number(line))
      if (acknowledged.length === count) child.kill("SIGKILL")
    })
    lines.once("close", () => resume(Effect.succeed(acknowledged)))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const numbersIn = (directory: string) =>
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    const rows = yield* sql<{ readonly n: number }>`SELECT n FROM numbers ORDER BY n`
    return rows.map(({ n }) => n)
  }).pipe(Effect.provide(EmbeddedPostgresClient.layer({ directory })))

/** Until the scope ends, the process takes `folder` for the system's temporary folder. */
const temporaryFolderIs = (folder: string) =>
  Effect.acquireRelease(
    Effect.sync(() => vi.stubEnv("TMPDIR", folder)),
    () => Effect.sync(() => vi.unstubAllEnvs())
  )

// To create a database is work for a processor: seconds, and many on a machine that is busy.
describe("The embedded database", { timeout: 120_000 }, () => {
  it.effect("is created where there is none, and only complete", () =>
    Effect.gen(function*() {
      const directory = join(dirname(yield* makeEmbeddedDirectory), "created")
      // What a program leaves behind that is killed while it creates the database.
      mkdirSync(`${directory}.unfinished`)
      writeFileSync(join(`${directory}.unfinished`, "PG_VERSION"), "18")
      yield* Effect.scoped(EmbeddedPostgres.make({ directory }))
      assert.deepStrictEqual([existsSync(join(directory, "PG_VERSION")), existsSync(`${directory}.unfinished`)], [
        true,
        false
      ])
      yield* Effect.scoped(EmbeddedPostgres.make({ directory }))
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("can be kept in memory alone", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* sql`SELECT 1 AS one`, [{ one: 1 }])
    }).pipe(Effect.provide(EmbeddedPostgresClient.layer({ directory: "memory" }))))

  it.effect("keeps all that was acknowledged when its process is killed at any moment", () =>
    Effect.gen(function*() {
      const directory = yield* makeEmbeddedDirectory
      const first = yield* acknowledgedUntilKilled(directory, 1, 100)
      const second = yield* acknowledgedUntilKilled(directory, 1_000_000, 250)
      const kept = new Set(yield* numbersIn(directory))
      assert.deepStrictEqual([...first, ...second].filter((n) => !kept.has(n)), [])
      assert.isAtLeast(kept.size, 350)
    }))

  it.effect("rolls back the transaction of a connection that is dropped in the midst of it", () =>
    Effect.gen(function*() {
      const embedded = yield* EmbeddedPostgres.make({ directory: yield* makeEmbeddedDirectory })
      const sockets: Array<Duplex> = []
      const stream = () => {
        const socket = embedded.settings.stream()
        sockets.push(socket)
        return socket
      }
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE rows (n int4)`
        const insertAndLose = sql`INSERT INTO rows VALUES (1)`.pipe(
          Effect.tap(() => Effect.sync(() => sockets.map((socket) => socket.destroy()))),
          Effect.andThen(sql`INSERT INTO rows VALUES (2)`),
          sql.withTransaction
        )
        const error = yield* Effect.flip(insertAndLose)
        assert.strictEqual(error.reason._tag, "ConnectionError")
        assert.deepStrictEqual(yield* sql`SELECT count(*) AS count FROM rows`, [{ count: 0 }])
      }).pipe(
        Effect.provide(PgClient.layerFrom(Postgres.makeClient({ ...embedded.settings, stream, maxConnections: 1 })))
      )
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("listens on a socket that its owner alone can reach, and takes it away in the end", () =>
    Effect.gen(function*() {
      const directory = yield* makeEmbeddedDirectory
      const parent = dirname(directory)
      yield* temporaryFolderIs(parent)
      const folders = () => readdirSync(parent).filter((name) => name !== "postgres")
      const modes = yield* Effect.map(
        EmbeddedPostgres.make({ directory }),
        () => folders().map((name) => statSync(join(parent, name)).mode & 0o777)
      ).pipe(Effect.scoped)
      assert.deepStrictEqual([modes, folders()], [[0o700], []])
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("is reached where the path of the temporary folder is too long for a socket", () =>
    Effect.gen(function*() {
      const directory = yield* makeEmbeddedDirectory
      const parent = join(dirname(directory), "long".repeat(25))
      mkdirSync(parent)
      yield* temporaryFolderIs(parent)
      const query = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1 AS one`)
      assert.deepStrictEqual(yield* Effect.provide(query, EmbeddedPostgresClient.layer({ directory })), [{ one: 1 }])
      assert.deepStrictEqual(readdirSync(parent), [])
    }))

  it.effect("says why it can't start, naming its directory", () =>
    Effect.gen(function*() {
      const damages: ReadonlyArray<readonly [why: string, damage: (directory: string) => void]> = [
        ["incompatible", (directory) => writeFileSync(join(directory, "PG_VERSION"), "17\n")],
        ["pg_control", (directory) => rmSync(join(directory, "global", "pg_control"))],
        ["ENOTEMPTY", (directory) => rmSync(join(directory, "PG_VERSION"))],
        [
          "ENOTDIR",
          (directory) => {
            rmSync(directory, { recursive: true })
            writeFileSync(directory, "")
          }
        ]
      ]
      for (const [why, damage] of damages) {
        const directory = yield* makeEmbeddedDirectory
        damage(directory)
        const error = yield* Effect.flip(Effect.scoped(EmbeddedPostgres.make({ directory })))
        assert.include(error.message, `The database in ${directory} could not start: `)
        assert.include(error.message, why)
      }
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("acknowledges nothing after a PANIC, but dies with the reason", () =>
    Effect.gen(function*() {
      const directory = yield* makeEmbeddedDirectory
      yield* Effect.gen(function*() {
        const embedded = yield* EmbeddedPostgres
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE rows (text text)`
        // The next segment of the log can't be created then.
        rmSync(join(directory, "pg_wal"), { recursive: true })
        const insert = sql`INSERT INTO rows SELECT repeat('x', 1000) FROM generate_series(1, 30000)`
        assert.strictEqual((yield* Effect.flip(insert)).reason._tag, "ConnectionError")
        const death = yield* Effect.flip(embedded.died)
        assert.include(death.message, `The database in ${directory} stopped: could not create file "pg_wal/`)
        assert.strictEqual((yield* Effect.flip(insert)).reason._tag, "ConnectionError")
      }).pipe(Effect.provide(EmbeddedPostgresClient.layer({ directory })))
    }))
})
