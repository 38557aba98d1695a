import * as PgClient from "@effect/sql-pg/PgClient"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Array as Arr, Effect, Redacted, Result, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../../src/events/migrations.ts"
import * as EmbeddedPostgresClient from "../../../src/platform/EmbeddedPostgresClient.ts"
import { migrate } from "../../../src/platform/migrate.ts"
import { BenchError } from "../BenchError.ts"

const batchSize = 2000

const array = (values: ReadonlyArray<unknown>, oid: number) => Result.getOrThrow(PgTypes.array(values, oid))

const Posted = Schema.Tuple([
  Schema.Struct({
    at: Schema.Finite,
    data: Schema.Struct({ pictureId: Schema.String, authorId: Schema.String, text: Schema.String })
  })
])
const postedOf = Schema.decodeUnknownSync(Posted)

const rowOf = ({ events, stream }: EncodedCommit) => {
  const [{ at, data }] = postedOf(events)
  return { ...data, id: stream, at }
}

const failed = (what: string) => (error: unknown) => new BenchError({ message: `${what}: ${String(error)}` })

/** Fills the table of the traditional service, and counts. */
export const fillTable = (url: string, commits: ReadonlyArray<EncodedCommit>) =>
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    yield* Effect.forEach(Arr.chunksOf(commits.map(rowOf), batchSize), (rows) =>
      sql`
        INSERT INTO comments (id, picture_id, author_id, text, created_at)
        SELECT * FROM unnest(
          ${array(rows.map(({ id }) => id), PgTypes.OID.uuid)},
          ${array(rows.map(({ pictureId }) => pictureId), PgTypes.OID.text)},
          ${array(rows.map(({ authorId }) => authorId), PgTypes.OID.text)},
          ${array(rows.map(({ text }) => text), PgTypes.OID.text)},
          ${array(rows.map(({ at }) => at), PgTypes.OID.timestamptz)}
        )`, { discard: true })
    yield* sql`INSERT INTO picture_counts SELECT picture_id, count(*) FROM comments GROUP BY picture_id`
    yield* sql`VACUUM ANALYZE`
  }).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
    Effect.mapError(failed("The traditional service's table can't be filled"))
  )

/** So that the planner knows the read model as it knows the other side's table. */
export const analyse = (url: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql`VACUUM ANALYZE`).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
    Effect.mapError(failed("The read model can't be analysed"))
  )

const makeDirectory = (directory: string) =>
  Effect.try({ try: () => mkdirSync(directory, { mode: 0o700 }), catch: String })

const writeLog = (dataDirectory: string, commits: ReadonlyArray<EncodedCommit>) =>
  Effect.gen(function*() {
    yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
    const sql = yield* SqlClient.SqlClient
    yield* Effect.forEach(Arr.chunksOf(commits, batchSize), (some) =>
      sql`
        INSERT INTO commits (stream, version, last_version, commit_id, events)
        SELECT stream, 1, 1, id, events::jsonb FROM unnest(
          ${array(some.map(({ stream }) => stream), PgTypes.OID.uuid)},
          ${array(some.map(({ id }) => id), PgTypes.OID.uuid)},
          ${array(some.map(({ events }) => JSON.stringify(events)), PgTypes.OID.text)}
        ) AS posted (stream, id, events)`, { discard: true })
  }).pipe(
    Effect.provide(EmbeddedPostgresClient.layer({ directory: join(dataDirectory, "postgres") }))
  )

/** Writes the log of a standalone program that isn't started yet; it projects it by itself. */
export const fillLog = (dataDirectory: string, commits: ReadonlyArray<EncodedCommit>) =>
  Effect.andThen(makeDirectory(dataDirectory), writeLog(dataDirectory, commits)).pipe(
    Effect.mapError(failed("The standalone program's log can't be filled"))
  )
