import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted } from "effect"
import type { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { migrate } from "../../../src/platform/migrate.ts"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"

/** Runs a statement on the server's own database, as somebody who may make others. */
export const administer = (server: string, statement: string) =>
  PgClient.PgClient.pipe(
    Effect.flatMap((sql) => sql.unsafe(statement)),
    Effect.provide(PgClient.layer({ url: Redacted.make(server), maxConnections: 1 }))
  )

/** Runs something on an empty read model in a database of its own, with the client that the programs have. */
export const onFreshReadModel = <A, E>(server: string, use: Effect.Effect<A, E, SqlClient.SqlClient>) =>
  Effect.gen(function*() {
    const name = `bench_${randomUUID().replaceAll("-", "")}`
    yield* Effect.acquireRelease(
      administer(server, `CREATE DATABASE ${name} TEMPLATE template0`),
      () => Effect.orDie(administer(server, `DROP DATABASE ${name} WITH (FORCE)`))
    )
    const url = new URL(server)
    url.pathname = name
    return yield* Effect.andThen(
      migrate({ table: "read_model_migrations", migrations: readModelMigrations }),
      use
    ).pipe(
      Effect.provide(
        Postgres.layer({ url: Redacted.make(url.href), applicationName: "marginalia-bench", maxConnections: 4 })
      )
    )
  }).pipe(Effect.scoped)
