import { assert, it } from "@effect/vitest"
import { Effect, Exit, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { logins, makeLogins } from "../../src/queries/logins.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import { grantRoles } from "../../src/queries/roles.ts"
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

describePostgres("The logins of the read model", () => {
  it.layer(quiet)((it) => {
    it.effect("are made once, by however many at once in however many databases", () =>
      Effect.gen(function*() {
        const { inside } = yield* PrivatePostgres
        const urls = [yield* prepared, yield* prepared]
        const makers = [...urls, ...urls].map((url) => asOwner(url, makeLogins))
        yield* Effect.all(makers, { concurrency: "unbounded" })
        for (const url of urls) {
          for (const { login } of logins) {
            const may = run(`SELECT has_table_privilege('${login}', 'comments', 'SELECT') AS may`)
            assert.deepStrictEqual(yield* inside(url)(may), [{ may: true }])
          }
        }
      }).pipe(Effect.provide(privatePostgres)))

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
      }).pipe(Effect.provide(privatePostgres)))
  })
})
