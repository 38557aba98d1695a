import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { Clock, ConfigProvider, Deferred, Effect, Layer, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, chownSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { inspect } from "node:util"
import { makeIamToken } from "../../src/platform/iamToken.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { sqlState } from "../../src/platform/sqlState.ts"
import { serverUser } from "../../src/programs/stack/engines/postgresBinaries.ts"
import { startPostgres } from "../../src/programs/stack/engines/postgresServer.ts"
import { describePostgres, makePostgresDatabase } from "../engines/databases.ts"
import { makeCertificates } from "../support/certificates.ts"

/** Who sets the server up comes as he likes; the program's user only over TLS and with a password. */
const access = "host all postgres 127.0.0.1/32 trust\nhostssl all app 127.0.0.1/32 scram-sha-256\n"

/** A server with TLS, and a user that needs a password. */
const secureServer = Effect.gen(function*() {
  const certificates = yield* makeCertificates
  const { certificate, key } = certificates
  const accessFile = join(dirname(key), "access")
  writeFileSync(accessFile, access)
  chmodSync(key, 0o600)
  if (serverUser.uid !== undefined && serverUser.gid !== undefined) chownSync(key, serverUser.uid, serverUser.gid)
  const settings = ["ssl=on", `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`, `hba_file=${accessFile}`]
  const admin = yield* startPostgres({ settings }).pipe(
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())
  )
  const administer = (statement: string) =>
    SqlClient.SqlClient.use((sql) => sql.unsafe(statement)).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(admin), maxConnections: 1 }))
    )
  yield* administer("CREATE ROLE app LOGIN PASSWORD 'first'")
  const url = (host: string, password = "first") => admin.replace("postgres@127.0.0.1", `app:${password}@${host}`)
  return { certificates, administer, url }
})

const settings = { maxConnections: 2, applicationName: "marginalia-test" }
const connect = (layer: ReturnType<typeof Postgres.layerOf>) =>
  SqlClient.SqlClient.use((sql) => sql`SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()`).pipe(
    Effect.provide(layer)
  )

describePostgres("A connection to a server that is secured", () => {
  it.effect("is encrypted, and made only to a server whose certificate comes from the given authorities", () =>
    Effect.gen(function*() {
      const { certificates, url } = yield* secureServer
      const to = (host: string, caFile: string | undefined, sslmode = "") =>
        Postgres.layerOf(
          { url: Redacted.make(`${url(host)}${sslmode}`), maxConnections: 1, iam: false, caFile },
          "test"
        )
      assert.deepStrictEqual(yield* connect(to("127.0.0.1", certificates.authority)), [
        { ssl: true, version: "TLSv1.3" }
      ])
      for (
        const layer of [
          to("127.0.0.1", certificates.otherAuthority),
          // Not even where the URL says that TLS may be done without.
          to("127.0.0.1", certificates.otherAuthority, "?sslmode=prefer"),
          to("localhost", certificates.authority),
          to("127.0.0.1", undefined, "?sslmode=require")
        ]
      ) assert.match(inspect(yield* Effect.flip(connect(layer))), /certificate|altnames/)
    }))

  it.effect("asks for its password each time, so that a password may change while others are connected", () =>
    Effect.gen(function*() {
      const { administer, certificates, url } = yield* secureServer
      const passwords = ["first", "second"]
      let asked = 0
      const layer = Postgres.layer({
        ...settings,
        authorities: readFileSync(certificates.authority, "utf8"),
        url: Redacted.make(url("127.0.0.1", "stale")),
        password: Effect.sync(() => Redacted.make(passwords[asked++] ?? "asked too often"))
      })
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const held = yield* Deferred.make<void>()
        const begun = yield* Deferred.make<void>()
        const first = sql`SELECT 1`.pipe(
          Effect.andThen(Deferred.succeed(begun, undefined)),
          Effect.andThen(Deferred.await(held)),
          sql.withTransaction
        )
        const second = Deferred.await(begun).pipe(
          Effect.andThen(administer("ALTER ROLE app PASSWORD 'second'")),
          Effect.andThen(sql.withTransaction(sql`SELECT 1`)),
          Effect.andThen(Deferred.succeed(held, undefined))
        )
        yield* Effect.all([first, second], { concurrency: 2 })
        assert.strictEqual(asked, 2)
      }).pipe(Effect.provide(layer))
    }))

  it.effect("only reads, for who says so", () =>
    Effect.gen(function*() {
      const layer = Postgres.layer({ ...settings, url: yield* makePostgresDatabase, readOnly: true })
      const refused = yield* SqlClient.SqlClient.use((sql) => Effect.flip(sql`CREATE TABLE t ()`)).pipe(
        Effect.provide(layer)
      )
      assert.deepStrictEqual(sqlState(refused), Option.some("25006"))
    }))

  it.effect("is refused with a sentence when its settings can't be used", () =>
    Effect.gen(function*() {
      const build = (iam: boolean, caFile: string | undefined, user: string, region: Record<string, string>) => {
        const url = Redacted.make(`postgres://${user}127.0.0.1:1/x`)
        return Effect.flip(
          Effect.scoped(Layer.build(Postgres.layerOf({ url, maxConnections: 1, iam, caFile }, "test")))
        )
          .pipe(Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(region)))
      }
      const { authority } = yield* makeCertificates
      const region = { AWS_REGION: "eu-central-1" }
      const messages = yield* Effect.map(
        Effect.all([
          build(false, "/missing.pem", "app@", region),
          build(true, undefined, "app@", region),
          build(true, authority, "", region),
          build(true, authority, "app@", {})
        ]),
        (errors) => errors.map(({ message }) => message)
      )
      const expected = [/^DATABASE_CA_FILE must/, /needs TLS/, /must name the user/, /^AWS_REGION must/]
      for (const [index, sentence] of expected.entries()) assert.match(messages[index] ?? "", sentence)
    }))

  it.effect("shows RDS a request that is signed with the credentials of the environment", () =>
    Effect.gen(function*() {
      const place = {
        host: "db.cluster-x.eu-central-1.rds.amazonaws.com",
        port: 5432,
        user: "app",
        region: "eu-central-1"
      }
      const token = new URL(`https://${Redacted.value(yield* makeIamToken(place))}`)
      assert.strictEqual(token.host, `${place.host}:5432`)
      assert.strictEqual(token.searchParams.get("Action"), "connect")
      assert.strictEqual(token.searchParams.get("DBUser"), "app")
      assert.strictEqual(token.searchParams.get("X-Amz-Expires"), "900")
      assert.match(
        token.searchParams.get("X-Amz-Credential") ?? "",
        /^test\/\d{8}\/eu-central-1\/rds-db\/aws4_request$/
      )
      assert.match(token.searchParams.get("X-Amz-Signature") ?? "", /^[0-9a-f]{64}$/)
    }))
})
