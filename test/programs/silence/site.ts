import { PutItemCommand } from "@aws-sdk/client-dynamodb"
import { Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { inject } from "vitest"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import { commitItem } from "../../../src/events/dynamoCommits.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { dynamoRequest } from "../../../src/platform/DynamoError.ts"
import { migrate } from "../../../src/platform/migrate.ts"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"
import { dynoxide } from "../../engines/dynamo.ts"
import { PrivatePostgres, privatePostgres } from "../../engines/privatePostgres.ts"
import { startRedis } from "../../engines/redis.ts"
import { stackMachines } from "../../engines/stackEngines.ts"
import { assertStatus } from "../../http/assertAnswer.ts"
import { newPicture, post } from "../../http/comments.ts"
import { get, pageUrl } from "../../http/queries.ts"
import { Target } from "../../http/Target.ts"
import { freshStream } from "../../support/commitOn.ts"
import { commit, posted } from "../../support/encodedCommits.ts"
import { newMarker } from "../../support/markers.ts"
import { quiet } from "../../support/projection.ts"
import { makeTcpProxy } from "../../support/tcpProxy.ts"
import { builtService } from "../builtService.ts"
import { start } from "../program.ts"
import { makeTables } from "../services.ts"

/** Where this can be seen: all engines are wanted, dynoxide among them. */
export const silentMachines = inject("engines").dynoxide ? stackMachines : []

const withPassword = (at: string, username: string, password: string): string => {
  const url = new URL(at)
  url.username = username
  url.password = encodeURIComponent(password)
  return url.href
}

/**
 * Engines to which the programs come with passwords, each to be recognised: what the programs are told of them, what they are
 * told wrongly, and what may go wrong.
 */
export const makeSite = Effect.gen(function*() {
  const postgres = Context.get(yield* Layer.build(privatePostgres), PrivatePostgres)
  const database = yield* postgres.makeDatabase
  const inside = postgres.inside(database)
  const { password, username } = postgres.owner
  const asOwner = (url: string) =>
    Postgres.layer({ url: Redacted.make(url), applicationName: "marginalia-test", maxConnections: 1 })
  yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations }).pipe(
    Effect.provide([asOwner(withPassword(database, username, password)), quiet])
  )
  const way = yield* makeTcpProxy({ host: "127.0.0.1", port: Number(new URL(database).port) })
  const proxied = new URL(database)
  proxied.port = String(way.port)

  const secrets = {
    databasePassword: password,
    redisPassword: newMarker(),
    wrongDatabasePassword: newMarker(),
    wrongRedisPassword: newMarker(),
    misplacedPassword: newMarker(),
    awsSecret: newMarker(),
    awsSession: newMarker()
  }
  const redis = yield* startRedis({
    settings: ["--user", "default", "off", "--user", "somebody", "on", `>${secrets.redisPassword}`, "~*", "&*", "+@all"]
  })
  const tables = yield* makeTables

  const plant = (commit: EncodedCommit) =>
    DynamoDb.use(({ client }) =>
      dynamoRequest((options) =>
        client.send(new PutItemCommand({ TableName: tables.settings.EVENTS_TABLE, Item: commitItem(commit) }), options)
      )
    ).pipe(Effect.provide(dynoxide.client()))

  return {
    secrets,
    settings: {
      ...tables.settings,
      AWS_SECRET_ACCESS_KEY: secrets.awsSecret,
      AWS_SESSION_TOKEN: secrets.awsSession,
      DATABASE_URL: withPassword(proxied.href, username, password),
      REDIS_URL: withPassword(redis, "somebody", secrets.redisPassword)
    },
    /** Nobody is let in with these. */
    wrongPasswords: {
      DATABASE_URL: withPassword(database, username, secrets.wrongDatabasePassword),
      REDIS_URL: withPassword(redis, "somebody", secrets.wrongRedisPassword)
    },
    /** No program starts with these. */
    misplaced: { DATABASE_URL: `mysql://somebody:${secrets.misplacedPassword}@127.0.0.1/x` },

    /** Plants an event that can't be read, and one that its table refuses; waits until both streams are parked. */
    poison: Effect.fnUntraced(function*(unreadable: string, unfit: string) {
      const run = (statement: string) => inside(SqlClient.SqlClient.use((sql) => sql.unsafe(statement)))
      yield* run(`ALTER TABLE comments ADD CONSTRAINT brief CHECK (text NOT LIKE '%${unfit}%')`)
      const strange = commit(freshStream(), 1, posted(unreadable))
      yield* plant({ ...strange, events: [{ type: "Unheard-of", data: { text: unreadable } }] })
      yield* plant(commit(freshStream(), 1, posted(unfit)))
      const parked = run("SELECT count(*)::integer AS parked FROM stream_positions WHERE parked_at IS NOT NULL")
      yield* Effect.repeat(parked, { until: ([row]) => Object(row).parked === 2 })
    }),

    /** Takes the engines away while somebody posts and reads, and gives them back. */
    outages: Effect.fnUntraced(function*(target: Target["Service"], text: string) {
      yield* tables.cut
      yield* way.cut
      const [lost, unread] = yield* Effect.all([
        post(newPicture(), "ana", text),
        get(pageUrl(newPicture()))
      ], { concurrency: 2 }).pipe(Effect.provideService(Target, target))
      assertStatus(lost, 503)
      assertStatus(unread, 503)
      yield* tables.mend
      yield* way.mend
    })
  }
})

/** Starts the poller, and waits until it follows. */
export const startPoller = Effect.fnUntraced(function*(settings: Readonly<Record<string, string>>) {
  const poller = yield* start(yield* builtService("stream-poller"), { MANAGEMENT_PORT: "0", ...settings })
  yield* poller.printed(/its management on http:\S+\.\n/)
  return poller
})
