import { Clock, Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import * as Postgres from "../../src/platform/Postgres.ts"
import { startPostgres } from "../../src/programs/stack/engines/postgresServer.ts"

const run = (statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe<Record<string, unknown>>(statement))

/**
 * A PostgreSQL of a suite's own, whose roles nobody else sees. As on RDS, nobody who works with it is a superuser, and comes
 * with a password; only the suite comes as one.
 */
export class PrivatePostgres extends Context.Service<PrivatePostgres, {
  /** The URL of a new, empty database of an owner who may make roles. The URL has no user. */
  readonly makeDatabase: Effect.Effect<string>
  /** The owner of all of its databases. */
  readonly owner: { readonly username: string; readonly password: string }
  /** Runs something in a database as the superuser. */
  readonly inside: (url: string) => <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>) => Effect.Effect<A, E>
  /** Lets those who are members of a role in any way come no more, as RDS does for passwords of members of rds_iam. */
  readonly shutOut: (role: string) => Effect.Effect<void>
}>()("marginalia/test/engines/PrivatePostgres") {}

const make = Effect.gen(function*() {
  const server = new URL(yield* Effect.provideService(startPostgres(), Clock.Clock, Clock.Clock.defaultValue()))
  const owner = { username: "owner", password: "p@ss:w/rd%41#?" }

  const inside = (url: string) => <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>) => {
    const place = new URL(url)
    place.username = server.username
    const client = Postgres.layer({
      url: Redacted.make(place.href),
      applicationName: "marginalia-test",
      maxConnections: 2
    })
    return Effect.provide(effect, Layer.orDie(client))
  }
  const administer = inside(server.href)

  // A new connection is of a server that has read its rules if it has read its settings.
  const loadedAt = administer(Effect.map(run("SELECT pg_conf_load_time()::text AS at"), ([found]) => found?.["at"]))

  /** Puts a rule before all others, and waits until it holds. */
  const rule = (line: string) =>
    Effect.gen(function*() {
      const before = yield* loadedAt
      const [found] = yield* administer(run("SHOW hba_file"))
      const file = String(found?.["hba_file"])
      yield* Effect.sync(() => writeFileSync(file, `${line}\n${readFileSync(file, "utf8")}`))
      yield* administer(run("SELECT pg_reload_conf()"))
      yield* Effect.repeat(loadedAt, { until: (at) => at !== before })
    }).pipe(Effect.orDie)

  yield* Effect.orDie(administer(run(`CREATE ROLE ${owner.username} LOGIN CREATEROLE PASSWORD '${owner.password}'`)))
  yield* rule(`host all ${owner.username} all scram-sha-256`)
  return PrivatePostgres.of({
    owner,
    inside,
    makeDatabase: Effect.gen(function*() {
      const name = `test_${randomUUID().replaceAll("-", "")}`
      yield* administer(run(`CREATE DATABASE ${name} OWNER ${owner.username} TEMPLATE template0`))
      return `postgres://${server.host}/${name}`
    }).pipe(Effect.orDie),
    shutOut: (role) => rule(`host all +${role} all reject`)
  })
})

/** One that is gone with the layer. */
export const privatePostgres: Layer.Layer<PrivatePostgres> = Layer.orDie(Layer.effect(PrivatePostgres, make))
