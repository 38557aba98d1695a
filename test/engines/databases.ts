import * as PgClient from "@effect/sql-pg/PgClient"
import { describe } from "@effect/vitest"
import { Effect, Layer, Redacted, type Scope } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"
import type { EmbeddedPostgresError } from "../../src/platform/EmbeddedPostgres.ts"
import * as EmbeddedPostgresClient from "../../src/platform/EmbeddedPostgresClient.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { ask, type EngineUnavailable } from "./ask.ts"

/** Runs one statement on the server's own database, on a connection that is closed again. */
const administer = (server: string, statement: string) =>
  PgClient.PgClient.pipe(
    Effect.flatMap((sql) => sql.unsafe(statement)),
    Effect.provide(PgClient.layer({ url: Redacted.make(server), maxConnections: 1 }))
  )

/** The URL of a new, empty database on the PostgreSQL of this run; it is dropped at the scope's end. */
export const makePostgresDatabase: Effect.Effect<
  Redacted.Redacted,
  EngineUnavailable | SqlError.SqlError,
  Scope.Scope
> = Effect.gen(function*() {
  const server = yield* ask("postgres")
  const name = `test_${randomUUID().replaceAll("-", "")}`
  yield* Effect.acquireRelease(
    administer(server, `CREATE DATABASE ${name} TEMPLATE template0`),
    () => Effect.orDie(administer(server, `DROP DATABASE ${name} WITH (FORCE)`))
  )
  const url = new URL(server)
  url.pathname = name
  return Redacted.make(url.href)
})

/** The folder of a new, empty cluster for `EmbeddedPostgres`; it is removed at the scope's end. */
export const makeEmbeddedDirectory: Effect.Effect<string, EngineUnavailable, Scope.Scope> = Effect.gen(function*() {
  const template = yield* ask("embedded")
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-embedded-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const directory = join(folder, "postgres")
  yield* Effect.sync(() => cpSync(template, directory, { recursive: true }))
  return directory
})

/** What a suite may ask for beside the defaults. PGlite has one connection and no time-outs, whatever is asked for. */
export type DatabaseOptions = Partial<
  Pick<Postgres.PostgresSettings, "maxConnections" | "statementTimeout" | "idleInTransactionTimeout">
>

/** A kind of Postgres that the programs run on. */
export interface Engine {
  readonly name: "PGlite" | "PostgreSQL"
  /** Each build of this layer is a client of a new, empty database, which is gone with the layer. */
  readonly database: (
    options?: DatabaseOptions
  ) => Layer.Layer<
    PgClient.PgClient | SqlClient.SqlClient,
    EngineUnavailable | EmbeddedPostgresError | SqlError.SqlError
  >
}

/** Postgres in WebAssembly, behind its socket, as the standalone program runs it. */
export const pglite: Engine = {
  name: "PGlite",
  database: () =>
    Layer.unwrap(Effect.map(makeEmbeddedDirectory, (directory) => EmbeddedPostgresClient.layer({ directory })))
}

/** A real server, with as many connections as a suite asks for (10, if it doesn't). */
export const postgresql: Engine = {
  name: "PostgreSQL",
  database: (options) =>
    Layer.unwrap(
      Effect.map(makePostgresDatabase, (url) =>
        Postgres.layer({ url, applicationName: "marginalia-test", maxConnections: 10, ...options }))
    )
}

/** The engines of this run; where PostgreSQL can't be had, the run has begun by saying so. */
const engines = inject("engines").postgres ? [pglite, postgresql] : [pglite]

const describeOn = (engines: ReadonlyArray<Engine>, name: string, suite: (engine: Engine) => void): void => {
  for (const engine of engines) {
    describe(`${name} on ${engine.name}`, () => {
      suite(engine)
    })
  }
}

/** Describes a suite once for each engine. */
export const describeEngines = (name: string, suite: (engine: Engine) => void): void => describeOn(engines, name, suite)

/** Describes a suite that needs a real server: its many connections, its time-outs, its way to cancel. */
export const describePostgres = (name: string, suite: (engine: Engine) => void): void =>
  describeOn(engines.filter((engine) => engine === postgresql), name, suite)
