import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Redacted, References, Schedule } from "effect"
import type { JWK } from "jose"
import { randomUUID } from "node:crypto"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../../src/platform/DevelopmentTokens.ts"
import { createTables } from "../../src/platform/dynamoTables.ts"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import { makePostgresDatabase } from "../engines/databases.ts"
import { dynoxide } from "../engines/dynamo.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { get } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { serve } from "../support/serve.ts"
import { makeTcpProxy } from "../support/tcpProxy.ts"
import { developmentTestIssuer, knownKey } from "../support/TestIssuer.ts"
import { start } from "./program.ts"

/** An issuer of tokens that may be closed, with what a program wants to know of it, that publishes other keys beside its own. */
export const makeIssuerBeside = Effect.fnUntraced(function*(others: ReadonlyArray<JWK>) {
  const { published, sign } = yield* DevelopmentTokens
  const body = JSON.stringify({ keys: [...published.keys, ...others] })
  const keys = new URL((yield* serve((_request, response) => response.end(body))).url)
  const way = yield* makeTcpProxy({ host: keys.hostname, port: Number(keys.port) })
  return {
    ...way,
    sign,
    settings: {
      TOKEN_ISSUER: developmentIssuer,
      TOKEN_AUDIENCE: developmentAudience,
      TOKEN_JWKS_URL: `http://127.0.0.1:${way.port}/keys`
    }
  }
}, Effect.provide(DevelopmentTokens.layer(null).pipe(Layer.provide([NodeServices.layer, knownKey]))))

/** The same, with its own key and no other. */
export const makeIssuer = makeIssuerBeside([])

/** Tables of one test's own, behind a way that can be cut; and no Redis, which nothing needs that is asked with these. */
export const makeTables = Effect.gen(function*() {
  const endpoint = new URL(yield* dynoxide.endpoint)
  const way = yield* makeTcpProxy({ host: endpoint.hostname, port: Number(endpoint.port) })
  const tables = { events: `events-${randomUUID()}`, inbox: `inbox-${randomUUID()}` }
  yield* createTables(tables).pipe(Effect.provide(dynoxide.client()))
  return {
    ...way,
    settings: {
      AWS_REGION: "eu-central-1",
      DYNAMODB_ENDPOINT: `http://127.0.0.1:${way.port}`,
      EVENTS_TABLE: tables.events,
      INBOX_TABLE: tables.inbox,
      REDIS_URL: "redis://127.0.0.1:1"
    }
  }
})

const inDatabase = (url: Redacted.Redacted) =>
  Postgres.layer({ url, maxConnections: 1, applicationName: "marginalia-test" })

/** An empty read model of one test's own, behind a way that can be cut. */
export const makeReadModel = Effect.gen(function*() {
  const url = yield* makePostgresDatabase
  yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations }).pipe(
    Effect.provideService(References.MinimumLogLevel, "Warn"),
    Effect.provide(inDatabase(url))
  )
  const direct = new URL(Redacted.value(url))
  const way = yield* makeTcpProxy({ host: direct.hostname, port: Number(direct.port) })
  direct.port = String(way.port)
  return { ...way, settings: { DATABASE_URL: direct.href } }
})

/** Starts a service on free ports, of its source or of another file, and waits until it serves. */
export const startService = Effect.fnUntraced(function*(
  program: "command-service" | "query-service",
  issuer: Effect.Success<typeof makeIssuer>,
  settings: Readonly<Record<string, string>>,
  file = `${program}.ts`
) {
  const running = yield* start(file, {
    PORT: "0",
    MANAGEMENT_PORT: "0",
    LOG_LEVEL: "none",
    ...issuer.settings,
    ...settings
  })
  const line = yield* running.printed(/its management on .*\n/)
  const [, url = "", management = ""] = /listens on (http:\S+), its management on (http:\S+)\.\n$/.exec(line) ?? []
  return {
    ...running,
    line,
    target: Target.of({ url, token: issuer.sign, issuer: developmentTestIssuer }),
    management: Target.of({ url: management, token: issuer.sign })
  }
})

/** Waits until a program says of itself whether it is ready. */
export const untilReady = (management: Target["Service"], ready: boolean) =>
  get("/health/ready").pipe(
    Effect.provideService(Target, management),
    Effect.repeat({ schedule: Schedule.spaced("20 millis"), until: ({ status }) => status === (ready ? 200 : 503) }),
    Effect.map((reply) => assertStatus(reply, ready ? 200 : 503))
  )
