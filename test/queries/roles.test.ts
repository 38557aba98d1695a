import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { TailCheckpoint } from "../../src/events/EventTail.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../src/events/migrations.ts"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { sqlState } from "../../src/platform/sqlState.ts"
import { saveCheckpoint } from "../../src/projections/checkpoints.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { CommentList } from "../../src/queries/CommentList.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import * as PostgresReadModel from "../../src/queries/PostgresReadModel.ts"
import { ReadModel } from "../../src/queries/ReadModel.ts"
import { grantRoles, projectorRole, queryRole } from "../../src/queries/roles.ts"
import { describePostgres, makePostgresDatabase } from "../engines/databases.ts"
import { ana, commit, deleted, edited, posted, stream, sunset } from "../support/encodedCommits.ts"
import { project, quiet } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { RecordingCache } from "../support/RecordingCache.ts"

const clientOf = (url: string) =>
  Postgres.layer({ url: Redacted.make(url), applicationName: "marginalia-test", maxConnections: 4 })

const as = <A, E, R>(url: string, effect: Effect.Effect<A, E, R>) => Effect.provide(effect, clientOf(url))
const run = (statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(statement))

/** A database with the read model and, beside it, a log; and the URL of a user who is a member of the role. */
const databaseFor = Effect.fnUntraced(function*(role: string) {
  const url = Redacted.value(yield* makePostgresDatabase)
  yield* as(
    url,
    Effect.gen(function*() {
      yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
      yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
      yield* Effect.all([grantRoles, grantRoles, grantRoles], { concurrency: "unbounded" })
    })
  ).pipe(Effect.provide(quiet))
  const user = `user_${randomUUID().replaceAll("-", "")}`
  yield* Effect.acquireRelease(
    as(url, run(`CREATE ROLE ${user} LOGIN IN ROLE ${role}`)),
    () => Effect.orDie(as(url, run(`DROP ROLE ${user}`)))
  )
  return { owner: url, member: url.replace("postgres@", `${user}@`) }
})

/** The SQLSTATE with which each statement is refused to the user. */
const refusals = (url: string, statements: ReadonlyArray<string>) =>
  as(
    url,
    Effect.forEach(statements, (statement) =>
      Effect.match(run(statement), {
        onSuccess: () => `${statement}: done`,
        onFailure: (error) => Option.getOrElse(sqlState(error), () => String(error))
      }))
  )
const denied = (statements: ReadonlyArray<string>) => statements.map(() => "42501")

const ddl = [
  "CREATE TABLE mine ()",
  "CREATE TEMPORARY TABLE mine ()",
  "CREATE SCHEMA mine",
  "DROP TABLE comments",
  "ALTER TABLE comments ADD COLUMN mine text",
  "TRUNCATE comments"
]
const others = [
  "SELECT * FROM commits",
  "DELETE FROM commits",
  "SELECT * FROM read_model_migrations",
  "UPDATE read_model_migrations SET name = ''"
]

describePostgres("The roles of the read model", () => {
  it.effect("let the query service run every query, and nothing but queries", () =>
    Effect.gen(function*() {
      const { member } = yield* databaseFor(queryRole)
      const every = ReadModel.use((readModel) =>
        Effect.all([
          ...[CommentList.OfPicture({ picture: sunset }), CommentList.OfAuthor({ author: ana })].map((
            list
          ) => readModel.page({ list, order: "newest", limit: 20, after: undefined })),
          readModel.comment(stream(1)),
          readModel.history(stream(1)),
          readModel.counts([sunset]),
          readModel.positions([stream(1)])
        ])
      )
      yield* every.pipe(Effect.provide(PostgresReadModel.layer.pipe(Layer.provide(clientOf(member)))))
      const writes = [
        "DELETE FROM comments",
        "UPDATE comments SET text = ''",
        "INSERT INTO picture_counts VALUES ('x', 1)",
        "UPDATE author_counts SET count = 0",
        "DELETE FROM comment_history",
        "SELECT * FROM stream_positions FOR UPDATE",
        "SELECT * FROM projection_checkpoints",
        ...ddl,
        ...others
      ]
      assert.deepStrictEqual(yield* refusals(member, writes), denied(writes))
    }))

  it.effect("let the projector project, and nothing beyond the read model's rows", () =>
    Effect.gen(function*() {
      const { member } = yield* databaseFor(projectorRole)
      const projector = Projector.layer.pipe(
        Layer.provideMerge(Layer.mergeAll(RawLog.layer(), RecordingCache.layer, clientOf(member), quiet))
      )
      yield* Effect.gen(function*() {
        yield* project([commit(stream(1), 1, posted("one")), commit(stream(2), 1, posted("two"))])
        yield* project([commit(stream(1), 2, edited("more")), commit(stream(2), 2, deleted)])
        // Parked, for its events can't be read.
        yield* project([{ ...commit(stream(3), 1, posted("three")), events: [{ type: "Unheard-of" }] }])
        const sql = yield* SqlClient.SqlClient
        yield* saveCheckpoint(sql, "a-test", TailCheckpoint.make("1"))
        yield* saveCheckpoint(sql, "a-test", TailCheckpoint.make("2"))
        yield* sql`DELETE FROM projection_checkpoints`
        assert.deepStrictEqual(yield* sql`SELECT count FROM picture_counts`, [{ count: 1 }])
        assert.deepStrictEqual(yield* sql`SELECT stream FROM stream_positions WHERE parked_at IS NOT NULL`, [
          { stream: stream(3) }
        ])
      }).pipe(Effect.provide(projector))
      const beyond = ["DELETE FROM comments", "DELETE FROM stream_positions", ...ddl, ...others]
      assert.deepStrictEqual(yield* refusals(member, beyond), denied(beyond))
    }))

  it.effect("lose what they were granted besides, whenever they are granted anew", () =>
    Effect.gen(function*() {
      const { member, owner } = yield* databaseFor(queryRole)
      yield* as(owner, run(`GRANT DELETE ON comments TO ${queryRole}`))
      yield* as(member, run("DELETE FROM comments"))
      yield* as(owner, grantRoles)
      assert.deepStrictEqual(yield* refusals(member, ["DELETE FROM comments"]), ["42501"])
    }))
})
