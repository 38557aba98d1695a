import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { readModelMigrations } from "../../../src/queries/migrations.ts"
import { opsRole, projectorRole, queryRole } from "../../../src/queries/roles.ts"
import { describePostgres } from "../../engines/databases.ts"
import { privatePostgres } from "../../engines/privatePostgres.ts"
import { begin, outcome } from "./migrationLambda.ts"

const members = SqlClient.SqlClient.use((sql) =>
  sql<{ readonly member: string; readonly role: string }>`
    SELECT pg_get_userbyid(member) AS member, pg_get_userbyid(roleid) AS role FROM pg_auth_members
    WHERE pg_get_userbyid(member) IN ('query_service', 'projector', 'ops') ORDER BY 1, 2`
)
const roles = [
  { member: "ops", role: opsRole },
  { member: "projector", role: projectorRole },
  { member: "query_service", role: queryRole }
]

const tables = SqlClient.SqlClient.use((sql) =>
  sql<{ readonly name: string }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
)
const migrated = SqlClient.SqlClient.use((sql) =>
  sql`SELECT lpad(migration_id::text, 4, '0') || '_' || name AS name FROM read_model_migrations ORDER BY migration_id`
)
const names = Object.keys(readModelMigrations).map((name) => ({ name }))

describePostgres("The migration's Lambda", () => {
  it.layer(privatePostgres, { excludeTestServices: true })((it) => {
    it.effect("migrates, and makes the programs' logins, as the database's owner whose secret it reads", () =>
      Effect.gen(function*() {
        const it = yield* begin()
        const { hash: MigrationsHash } = it
        assert.deepStrictEqual(yield* outcome(it), { Status: "SUCCESS", Data: { MigrationsHash } })
        assert.deepStrictEqual(yield* it.database(migrated), names)
        assert.deepStrictEqual(yield* it.database(members), roles)
        assert.strictEqual(it.secret.reads, 1)
      }).pipe(Effect.scoped))

    it.effect("may be run again, and twice at once", () =>
      Effect.gen(function*() {
        const it = yield* begin()
        const both = yield* Effect.all([outcome(it), outcome(it)], { concurrency: 2 })
        const all = [...both, yield* outcome(it, { type: "Update" })]
        assert.deepStrictEqual(all.map(({ Status }) => Status), ["SUCCESS", "SUCCESS", "SUCCESS"])
        assert.deepStrictEqual(yield* it.database(migrated), names)
        assert.deepStrictEqual(yield* it.database(members), roles)
      }).pipe(Effect.scoped))

    it.effect("leaves a read model as it is that a newer version has migrated, so that a rollback succeeds", () =>
      Effect.gen(function*() {
        const it = yield* begin()
        assert.strictEqual((yield* outcome(it)).Status, "SUCCESS")
        // A newer version has a further migration, and grants what this one doesn't know of.
        yield* it.database(SqlClient.SqlClient.use((sql) =>
          Effect.andThen(
            sql`INSERT INTO read_model_migrations (migration_id, name) VALUES (9999, 'newer')`,
            sql.unsafe(`GRANT DELETE ON comments TO ${projectorRole}`)
          )
        ))
        const { hash: MigrationsHash } = it
        assert.deepStrictEqual(yield* outcome(it, { type: "Update" }), { Status: "SUCCESS", Data: { MigrationsHash } })
        assert.deepStrictEqual(yield* it.database(migrated), [...names, { name: "9999_newer" }])
        const granted = SqlClient.SqlClient.use((sql) =>
          sql`SELECT has_table_privilege(${projectorRole}, 'comments', 'DELETE') AS granted`
        )
        assert.deepStrictEqual<unknown>(yield* it.database(granted), [{ granted: true }])
      }).pipe(Effect.scoped))

    it.effect("lets the logins authenticate with IAM, where the server knows that", () =>
      Effect.gen(function*() {
        const it = yield* begin()
        const administer = (statement: string) =>
          Effect.orDie(it.database(SqlClient.SqlClient.use((sql) => sql.unsafe(statement))))
        yield* Effect.acquireRelease(
          Effect.andThen(administer("CREATE ROLE rds_iam"), administer("GRANT rds_iam TO owner WITH ADMIN OPTION")),
          () => administer("DROP ROLE rds_iam")
        )
        assert.strictEqual((yield* outcome(it)).Status, "SUCCESS")
        assert.deepStrictEqual(
          yield* it.database(members),
          roles.flatMap(({ member, role }) => [{ member, role }, { member, role: "rds_iam" }])
        )
      }).pipe(Effect.scoped))

    it.effect("answers as the resource that it was asked for, and keeps its id", () =>
      Effect.gen(function*() {
        const { hash, run, stack } = yield* begin()
        const { invoke } = yield* run
        const created = stack.request("Create", { MigrationsHash: hash })
        yield* invoke(created, 60_000)
        const { PhysicalResourceId, ...first } = yield* stack.answer
        const { LogicalResourceId, RequestId, StackId } = created
        assert.deepInclude(first, { LogicalResourceId, RequestId, StackId })
        const request = stack.request("Update", { MigrationsHash: hash }, { PhysicalResourceId })
        yield* invoke(request, 60_000)
        const second = yield* stack.answer
        assert.deepInclude(second, { PhysicalResourceId, RequestId: request.RequestId })
      }).pipe(Effect.scoped))

    it.effect("leaves all as it is when the resource is deleted", () =>
      Effect.gen(function*() {
        const it = yield* begin({ DATABASE_URL: "not even a URL" })
        assert.deepStrictEqual(yield* outcome(it, { type: "Delete", properties: {} }), { Status: "SUCCESS" })
        assert.deepStrictEqual(yield* it.database(tables), [])
        assert.strictEqual(it.secret.reads, 0)
      }).pipe(Effect.scoped))

    it.effect("fails the request, and changes nothing, when its time is up", () =>
      Effect.gen(function*() {
        const it = yield* begin()
        const isLocked = yield* Deferred.make<void>()
        const mayGo = yield* Deferred.make<void>()
        // Somebody else migrates.
        const holding = yield* SqlClient.SqlClient.use((sql) =>
          sql`SELECT pg_advisory_xact_lock(hashtextextended('read_model_migrations', 0))`.pipe(
            Effect.andThen(Deferred.succeed(isLocked, undefined)),
            Effect.andThen(Deferred.await(mayGo)),
            sql.withTransaction
          )
        ).pipe(it.database, Effect.forkChild)
        yield* Deferred.await(isLocked)
        const { Reason, Status } = yield* outcome(it, { timeLimit: 6000 })
        assert.strictEqual(Status, "FAILED")
        assert.match(Reason ?? "", /^The time of this invocation was up/)
        assert.deepStrictEqual(yield* it.database(tables), [])
        yield* Deferred.succeed(mayGo, undefined)
        yield* Fiber.join(holding)
      }).pipe(Effect.scoped))
  })
})
