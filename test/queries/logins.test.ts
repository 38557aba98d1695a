import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Logger, Option, Redacted, References } from "effect"
import { SqlClient } from "effect/sql"
import { inspect } from "node:util"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { sqlState } from "../../src/platform/sqlState.ts"
import { logins, makeLogins } from "../../src/queries/logins.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import { grantRoles, projectorRole, queryRole } from "../../src/queries/roles.ts"
import { describePostgres } from "../engines/databases.ts"
import { PrivatePostgres, privatePostgres } from "../engines/privatePostgres.ts"
import { quiet } from "../support/projection.ts"

const run = (statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(statement))

/** Runs something as the owner of all databases, who comes with a password and is no superuser. */
const asOwner = Effect.fnUntraced(function*<A, E>(url: string, effect: Effect.Effect<A, E, SqlClient.SqlClient>) {
  const { owner } = yield* PrivatePostgres
  const place = new URL(url)
  place.username = owner.username
  place.password = encodeURIComponent(owner.password)
  const client = { url: Redacted.make(place.href), applicationName: "marginalia-test", maxConnections: 4 }
  return yield* Effect.provide(effect, Postgres.layer(client))
})

const beyondTheOwner = [
  "CREATE DATABASE mine",
  "CREATE ROLE mine SUPERUSER",
  "CREATE ROLE mine REPLICATION",
  "ALTER ROLE CURRENT_USER SUPERUSER",
  "GRANT pg_execute_server_program TO CURRENT_USER",
  "SET ROLE postgres",
  "ALTER ROLE postgres PASSWORD 'mine'",
  "ALTER SYSTEM SET log_statement = 'all'",
  "COPY comments TO PROGRAM 'cat'",
  "COPY comments FROM '/etc/passwd'",
  "SELECT pg_read_file('PG_VERSION')",
  "SELECT rolpassword FROM pg_authid",
  "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()"
]

const isLetIn = (url: string) => Effect.map(Effect.exit(asOwner(url, run("SELECT 1"))), Exit.isSuccess)

const prepared = Effect.gen(function*() {
  const { makeDatabase } = yield* PrivatePostgres
  const url = yield* makeDatabase
  yield* asOwner(
    url,
    Effect.andThen(migrate({ table: "read_model_migrations", migrations: readModelMigrations }), grantRoles)
  )
  return url
})

const membershipsOf = (role: string) =>
  Effect.map(
    run(`SELECT pg_get_userbyid(roleid) AS of FROM pg_auth_members WHERE member = '${role}'::regrole ORDER BY 1`),
    (found) => found.map((one) => Object(one).of)
  )

describePostgres("The logins of the read model", () => {
  it.layer(Layer.merge(quiet, privatePostgres))((it) => {
    it.effect("belong to roles that are members of no others: what can't be taken from them is told", () =>
      Effect.gen(function*() {
        const { inside } = yield* PrivatePostgres
        const said: Array<unknown> = []
        const url = yield* prepared
        const told = Layer.merge(
          Logger.layer([Logger.make(({ message }) => said.push(message))]),
          Layer.succeed(References.MinimumLogLevel, "Info")
        )
        yield* asOwner(url, run(`GRANT ${projectorRole} TO ${queryRole} WITH ADMIN OPTION`))
        yield* asOwner(url, grantRoles).pipe(Effect.provide(told))
        assert.deepStrictEqual(yield* inside(url)(membershipsOf(queryRole)), [])
        assert.deepStrictEqual(said, [])
        // The owner didn't grant this, and can't take it back.
        yield* inside(url)(run(`GRANT pg_read_all_data TO ${queryRole}`))
        yield* asOwner(url, grantRoles).pipe(Effect.provide(told))
        assert.deepStrictEqual(yield* inside(url)(membershipsOf(queryRole)), ["pg_read_all_data"])
        assert.include(inspect(said, { depth: 9 }), `${queryRole} of pg_read_all_data`)
        yield* inside(url)(grantRoles)
        assert.deepStrictEqual(yield* inside(url)(membershipsOf(queryRole)), [])
      }))

    it.effect("are made once, by however many at once in however many databases", () =>
      Effect.gen(function*() {
        const { inside } = yield* PrivatePostgres
        const urls = [yield* prepared, yield* prepared]
        const makers = [...urls, ...urls].map((url) => asOwner(url, makeLogins))
        yield* Effect.all(makers, { concurrency: "unbounded" })
        for (const url of urls) {
          for (const { login } of logins) {
            const may = run(`SELECT has_column_privilege('${login}', 'comments', 'id', 'SELECT') AS may`)
            assert.deepStrictEqual(yield* inside(url)(may), [{ may: true }])
          }
        }
        const [url = ""] = urls
        // As an older version had it.
        yield* asOwner(url, run(`GRANT ${projectorRole} TO ops`))
        yield* asOwner(url, makeLogins)
        const memberships = run(`
          SELECT pg_get_userbyid(member) AS login, pg_get_userbyid(roleid) AS role FROM pg_auth_members
          WHERE pg_get_userbyid(member) IN (${logins.map(({ login }) => `'${login}'`).join(", ")}) ORDER BY 1`)
        assert.sameDeepMembers([...(yield* inside(url)(memberships))], logins.map((login) => ({ ...login })))
        // Who owns the tables may do what it likes with them, and with the logins, and nothing with the server.
        for (const statement of beyondTheOwner) {
          const answer = yield* Effect.flip(asOwner(url, run(statement)))
          assert.strictEqual(Option.getOrThrow(sqlState(answer)), "42501", statement)
        }
      }))

    it.effect("don't take the password from who made them, when theirs is taken by IAM", () =>
      Effect.gen(function*() {
        const { inside, shutOut } = yield* PrivatePostgres
        const url = yield* prepared
        yield* asOwner(url, makeLogins)
        // As RDS does: its own superuser gives the role, and a rule looks for members of it, in whatever way they are.
        yield* inside(url)(run("CREATE ROLE rds_iam"))
        for (const { login } of logins) yield* inside(url)(run(`GRANT rds_iam TO ${login}`))
        yield* shutOut("rds_iam")
        assert.isTrue(yield* isLetIn(url))
        // Who makes one in the ordinary way is shut out with it.
        yield* asOwner(url, run("CREATE ROLE another LOGIN"))
        yield* inside(url)(run("GRANT rds_iam TO another"))
        assert.isFalse(yield* isLetIn(url))
      }))
  })
})
