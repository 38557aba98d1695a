import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { CommandInbox } from "../../src/commands/CommandInbox.ts"
import * as DynamoCommandInbox from "../../src/commands/DynamoCommandInbox.ts"
import { migrate } from "../../src/platform/migrate.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import { describePostgres, makePostgresDatabase } from "../engines/databases.ts"
import { describeOneDynamo, type DynamoEngine, DynamoTables } from "../engines/dynamo.ts"
import { sharedRedis } from "../engines/redis.ts"
import { freshStream } from "../support/commitOn.ts"
import { dynamoLog } from "../support/dynamoLog.ts"
import { deleted, edited, posted } from "../support/encodedCommits.ts"
import { entryOf, freshPost } from "../support/inboxEntries.ts"
import { quiet } from "../support/projection.ts"
import { append, untilCaughtUp } from "../support/tailing.ts"
import { dynamoEnvironment } from "./lambda/dynamoEnvironment.ts"
import { patience, start } from "./program.ts"

/** What the environment says to a poller of a suite's tables. */
class Environment extends Context.Service<Environment, Readonly<Record<string, string>>>()(
  "marginalia/test/programs/Environment"
) {}

const surroundings = (engine: DynamoEngine) => {
  const database = Layer.unwrap(Effect.gen(function*() {
    const url = yield* makePostgresDatabase
    const environment = {
      ...(yield* dynamoEnvironment(engine)),
      DATABASE_URL: Redacted.value(url),
      REDIS_URL: yield* sharedRedis,
      MANAGEMENT_PORT: "0",
      POLL_INTERVAL: "20 millis"
    }
    return Layer.merge(
      Layer.succeed(Environment, environment),
      Layer.effectDiscard(migrate({ table: "read_model_migrations", migrations: readModelMigrations })).pipe(
        Layer.provideMerge(Postgres.layer({ url, applicationName: "marginalia-test", maxConnections: 4 }))
      )
    )
  }))
  const inbox = Layer.unwrap(Effect.map(DynamoTables, ({ inbox }) => DynamoCommandInbox.layer({ table: inbox })))
  return Layer.merge(database, inbox).pipe(Layer.provideMerge(dynamoLog(engine)), Layer.provideMerge(quiet))
}

const startPoller = Effect.fnUntraced(function*(more: Readonly<Record<string, string>> = {}) {
  const poller = yield* start("stream-poller.ts", { ...(yield* Environment), LOG_LEVEL: "info", ...more })
  const printed = yield* poller.printed(/its management on http:\S+\.\n/)
  return { ...poller, management: /its management on (http:\S+)\.\n/.exec(printed)?.[1] ?? "" }
})

/** Comments that are posted and edited, one after the other. */
const write = (comments: number) =>
  Effect.forEach(
    Array.from({ length: comments }, freshStream),
    (subject, n) => append(subject, posted(`${n}`), edited(`${n}, again`), ...(n % 4 === 0 ? [deleted] : [])),
    { concurrency: 4, discard: true }
  )

const caughtUp = Effect.gen(function*() {
  const { expected, found } = yield* untilCaughtUp
  assert.deepStrictEqual(found, expected)
})

const get = (url: string) =>
  HttpClient.get(url).pipe(
    Effect.flatMap((response) => Effect.map(response.text, (text) => ({ status: response.status, text }))),
    Effect.provide(FetchHttpClient.layer)
  )

// This is about the process: how it reads a stream is seen on both engines, where StreamProjection is tested.
describePostgres("The stream poller", () => {
  describeOneDynamo("and its tables", (engine) => {
    it.layer(surroundings(engine), { excludeTestServices: true })((it) => {
      it.effect(
        "misses nothing when it is killed in the middle of its work, and goes on where it was",
        () =>
          Effect.gen(function*() {
            yield* write(5)
            for (let kills = 0; kills < 2; kills++) {
              yield* Effect.scoped(Effect.gen(function*() {
                const poller = yield* startPoller()
                yield* write(15)
                yield* poller.kill("SIGKILL")
                assert.strictEqual((yield* poller.ended).signal, "SIGKILL")
              }))
              yield* write(5)
            }
            yield* startPoller()
            yield* caughtUp
          }).pipe(Effect.scoped),
        patience
      )

      it.effect(
        "says whether it is ready and how it goes, and ends in good order when it is told to",
        () =>
          Effect.gen(function*() {
            const poller = yield* startPoller()
            yield* write(3)
            yield* caughtUp
            assert.strictEqual((yield* get(`${poller.management}/health/ready`)).status, 200)
            const { text } = yield* get(`${poller.management}/metrics`)
            assert.match(text, /marginalia_stream_records_total\{[^}]*\} \d/)
            yield* poller.kill("SIGTERM")
            const { code, stderr } = yield* poller.ended
            assert.strictEqual(code, 0)
            // It knew where it was.
            assert.notInclude(stderr, "present position")
          }).pipe(Effect.scoped),
        patience
      )

      it.effect("runs what is accepted to be decided later", () =>
        Effect.gen(function*() {
          const inbox = yield* CommandInbox
          yield* startPoller()
          const post = freshPost()
          yield* inbox.accept(entryOf(post))
          const found = yield* Effect.repeat(Effect.map(inbox.find(post.commandId), Option.getOrThrow), {
            until: ({ outcome }) => outcome !== null
          })
          assert.strictEqual(found.outcome?._tag, "Done")
          yield* caughtUp
        }).pipe(Effect.scoped), patience)

      it.effect("lets another one wait, which takes over when it ends", () =>
        Effect.gen(function*() {
          const first = yield* startPoller()
          yield* write(2)
          yield* caughtUp
          yield* startPoller()
          yield* first.kill("SIGKILL")
          yield* write(2)
          yield* caughtUp
        }).pipe(Effect.scoped), patience)
    })
  })
})
