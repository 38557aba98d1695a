import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as PgProtocol from "@effect/sql-pg/PgProtocol"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Duplex } from "node:stream"
import { EmbeddedPostgres } from "../../src/platform/EmbeddedPostgres.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { makeEmbeddedDirectory } from "../engines/databases.ts"

const encodeBind = PgProtocol.makeBindEncoder(PgTypes.writeParameter)

const startup = PgProtocol.encodeStartupMessage({ user: "postgres", database: "postgres" })

/** Writes on a connection, and waits until that was answered or the connection has ended. */
const exchange = (socket: Duplex, ...frames: ReadonlyArray<Uint8Array>) =>
  Effect.callback<"answered" | "closed">((resume) => {
    socket.once("data", () => resume(Effect.succeed("answered")))
    socket.once("close", () => resume(Effect.succeed("closed")))
    socket.on("error", () => socket.destroy())
    socket.write(Buffer.concat(frames))
  })

const ended = (socket: Duplex) =>
  Effect.callback<void>((resume) => {
    socket.once("close", () => resume(Effect.void))
    socket.end()
  })

describe("The embedded database's connections", { timeout: 120_000 }, () => {
  it.effect("have what they sent run once it is complete, and never if they end before", () =>
    Effect.gen(function*() {
      const embedded = yield* EmbeddedPostgres.make({ directory: yield* makeEmbeddedDirectory })
      const client = PgClient.layerFrom(Postgres.makeClient({ ...embedded.settings, maxConnections: 1 }))
      const parse = yield* Effect.fromResult(
        PgProtocol.encodeParse({ name: "", query: "CREATE TABLE never (n int4)", parameterTypes: [] })
      )
      const bind = yield* Effect.fromResult(encodeBind({ portal: "", statement: "", parameters: [] }))
      const socket = embedded.settings.stream()
      assert.strictEqual(yield* exchange(socket, startup), "answered")
      socket.write(Buffer.concat([parse, bind, PgProtocol.encodeExecute({ portal: "", maxRows: 0 })]))
      yield* ended(socket)
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const tables = yield* sql`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
        assert.deepStrictEqual(tables, [])
      }).pipe(Effect.provide(client))
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("end with the database, and not in silence, when it fails at what they sent", () =>
    Effect.gen(function*() {
      const embedded = yield* EmbeddedPostgres.make({ directory: yield* makeEmbeddedDirectory })
      const nonsense = PgProtocol.encodeStartupMessage({ user: "postgres", replication: "nonsense" })
      assert.strictEqual(yield* exchange(embedded.settings.stream(), nonsense), "closed")
      const death = yield* Effect.flip(embedded.died)
      assert.include(death.message, "invalid value for parameter \"replication\"")
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})
