import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { TailCheckpoint } from "../../src/events/EventTail.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../src/events/migrations.ts"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { sqlState } from "../../src/platform/sqlState.ts"
import { saveCheckpoint } from "../../src/projections/checkpoints.ts"
import { countParked } from "../../src/projections/parkedStreams.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { Reconcile } from "../../src/projections/Reconcile.ts"
import { Redrive } from "../../src/projections/Redrive.ts"
import { Verify } from "../../src/projections/Verify.ts"
import { CommentList } from "../../src/queries/CommentList.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import * as PostgresReadModel from "../../src/queries/PostgresReadModel.ts"
import { ReadModel } from "../../src/queries/ReadModel.ts"
import { grantRoles, opsRole, projectorRole, queryRole } from "../../src/queries/roles.ts"
import { describePostgres, makePostgresDatabase } from "../engines/databases.ts"
import { ana, commit, deleted, edited, posted, stream, sunset } from "../support/encodedCommits.ts"
import { project, quiet } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { RecordingCache } from "../support/RecordingCache.ts"
import { beyond, everybodyMay, onTables, statementOf } from "./attempts.ts"
import { granted, roles, tables } from "./expectedRights.ts"
import { allColumns, rightsOf } from "./foundRights.ts"

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
        onFailure: (error) => `${statement}: ${Option.getOrElse(sqlState(error), () => String(error))}`
      }))
  )

/** What is answered when all of some statements are refused for want of a right. */
const denied = (statements: ReadonlyArray<string>) => statements.map((statement) => `${statement}: 42501`)

describePostgres("The roles of the read model", () => {
  for (const role of roles) {
    it.effect(`${role} may what the table of rights says, and whatever it tries, nothing else`, () =>
      Effect.gen(function*() {
        const { member, owner } = yield* databaseFor(role)
        const user = new URL(member).username
        const expected = granted.filter((right) => right.startsWith(`${role} `)).toSorted()
        assert.deepStrictEqual(
          yield* as(owner, allColumns),
          tables.flatMap(([table, { columns }]) => Object.keys(columns).map((column) => `${table}.${column}`))
            .toSorted(),
          "every table, and every column of it, has its row in the table of rights"
        )
        assert.deepStrictEqual(yield* as(owner, rightsOf(user, role)), expected)
        const answers = onTables(role)
        assert.deepStrictEqual(yield* refusals(member, answers.map(statementOf)), answers)
        const others = roles.flatMap((other) =>
          other === role ? [] : [`SET ROLE ${other}`, `GRANT ${other} TO CURRENT_USER`]
        )
        const never = [...beyond, ...others]
        assert.deepStrictEqual(yield* refusals(member, never), denied(never))
        assert.deepStrictEqual(
          yield* refusals(member, everybodyMay),
          everybodyMay.map((statement) => `${statement}: done`)
        )
        // To hand on what isn't one's own is no error, and does nothing.
        yield* Effect.ignore(
          as(member, run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO PUBLIC"))
        )
        assert.deepStrictEqual(yield* as(owner, rightsOf(user, role)), expected)
        // PostgreSQL has no way from one database to another.
        assert.deepStrictEqual(yield* refusals(member, ["SELECT * FROM postgres.public.comments"]), [
          "SELECT * FROM postgres.public.comments: 0A000"
        ])
      }))
  }

  it.effect("let the query service run every query, though its transactions may be made to write", () =>
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
      yield* as(member, Effect.flatMap(SqlClient.SqlClient, countParked))
    }))

  it.effect("let the projector project", () =>
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
    }))

  it.effect("let operators see what the projector made of the log, what is parked, and project", () =>
    Effect.gen(function*() {
      const { member } = yield* databaseFor(opsRole)
      const ops = Layer.mergeAll(Reconcile.layer, Redrive.layer, Verify.layer).pipe(
        Layer.provideMerge(Projector.layer),
        Layer.provideMerge(Layer.mergeAll(RawLog.layer(), RecordingCache.layer, clientOf(member), quiet))
      )
      yield* Effect.gen(function*() {
        yield* project([commit(stream(1), 1, posted("one")), commit(stream(1), 2, edited("more"))])
        yield* project([{ ...commit(stream(3), 1, posted("three")), events: [{ type: "Unheard-of" }] }])
        const redrive = yield* Redrive
        assert.lengthOf(yield* redrive.list({ limit: 10 }), 1)
        yield* Stream.runDrain(redrive.all)
        yield* Stream.runDrain((yield* Reconcile).scan())
        yield* Stream.runDrain((yield* Verify).run)
      }).pipe(Effect.provide(ops))
    }))

  it.effect("lose what they were granted besides, whenever they are granted anew", () =>
    Effect.gen(function*() {
      const { member, owner } = yield* databaseFor(queryRole)
      const database = new URL(owner).pathname.slice(1)
      for (const to of [queryRole, "PUBLIC"]) {
        for (
          const grant of [
            "DELETE ON comments",
            "SELECT ON stream_positions",
            "SELECT (parked_payload) ON stream_positions",
            "UPDATE (text) ON comments",
            "SELECT, DELETE ON read_model_migrations",
            "CREATE ON SCHEMA public",
            `CREATE, TEMPORARY ON DATABASE ${database}`
          ]
        ) yield* as(owner, run(`GRANT ${grant} TO ${to}`))
        const more = [
          "DELETE FROM comments WHERE false",
          "SELECT parked_payload FROM stream_positions WHERE false",
          "UPDATE comments SET text = NULL WHERE false",
          "DELETE FROM read_model_migrations WHERE false",
          "DO $$ BEGIN CREATE TABLE public.mine (); DROP TABLE public.mine; END $$",
          "DO $$ BEGIN CREATE TEMPORARY TABLE mine (); DROP TABLE mine; END $$",
          "DO $$ BEGIN CREATE SCHEMA mine; DROP SCHEMA mine; END $$"
        ]
        assert.deepStrictEqual(yield* refusals(member, more), more.map((statement) => `${statement}: done`))
        yield* as(owner, grantRoles)
        assert.deepStrictEqual(yield* refusals(member, more), denied(more), to)
        const expected = granted.filter((right) => right.startsWith(`${queryRole} `)).toSorted()
        assert.deepStrictEqual(yield* as(owner, rightsOf(new URL(member).username, queryRole)), expected)
      }
    }))
})
