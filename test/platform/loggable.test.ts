import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Predicate, Redacted, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { Redis } from "ioredis"
import * as Postgres from "../../src/platform/Postgres.ts"
import { SettingRefused } from "../../src/platform/settings.ts"
import { withoutSecrets } from "../../src/platform/withoutSecrets.ts"
import { ProjectionUnavailable } from "../../src/projections/ProjectionUnavailable.ts"
import { describePostgres, makePostgresDatabase } from "../engines/databases.ts"
import { describeRedis, sharedRedis } from "../engines/redis.ts"
import { logged } from "../support/logged.ts"

const secret = "marker-of-what-nobody-may-read"

/** What is written of an error, in either format: as a message, within another error, and as a cause. */
const lines = (error: unknown) =>
  Effect.forEach(["json", "logfmt"] as const, (logFormat) =>
    logged(
      Effect.all([
        Effect.logError("it failed", error),
        Effect.logError("it failed", new ProjectionUnavailable({ cause: error })),
        Effect.logError("it failed", { error, several: [error] }),
        Effect.logError("it failed", Cause.fail(error)),
        Effect.logError("it failed", Cause.die(new ProjectionUnavailable({ cause: error })))
      ]),
      { logFormat, logLevel: "Trace" }
    )).pipe(Effect.map((both) => both.join("")))

/** All that is written of an error tells what is wanted, and not the secret. */
const tells = Effect.fnUntraced(function*(error: unknown, ...wanted: ReadonlyArray<string>) {
  const written = yield* lines(error)
  assert.notInclude(written, secret)
  for (const one of wanted) assert.include(written, one)
})

describe("What a log has of an error", () => {
  it.effect("is that it can't be looked at, where that fails: whoever logs doesn't", () =>
    Effect.gen(function*() {
      const throwing = Object.defineProperty({ word: "one" }, "other", {
        enumerable: true,
        get: () => {
          throw new Error("no")
        }
      })
      yield* tells(throwing, "can't be looked at")
      yield* tells(Object.create({ constructor: undefined }), "<object>")
    }))

  it.effect("is its name, its message, where it happened and what it comes from", () =>
    Effect.gen(function*() {
      const error = new RangeError("out of range", { cause: new TypeError("no such thing") })
      yield* tells(error, "RangeError", "out of range", "no such thing", "loggable.test.ts")
      yield* tells(
        new SettingRefused({ variable: "PORT", message: "PORT must be one." }),
        "SettingRefused",
        "PORT must"
      )
    }))

  it.effect("isn't what else a driver put there, nor a value that isn't plain", () =>
    Effect.gen(function*() {
      class Row {
        readonly text = secret
      }
      const error = Object.assign(new Error("refused"), {
        name: "ReplyError",
        code: "EREFUSED",
        command: { name: "hello", args: ["AUTH", secret] },
        Item: { text: { S: secret } },
        detail: secret,
        row: new Row()
      })
      yield* tells(error, "refused", "EREFUSED")
      yield* tells({ row: new Row(), password: Redacted.make(secret), map: new Map([["text", secret]]) })
      yield* tells(new ProjectionUnavailable({ cause: { row: new Row() } }), "ProjectionUnavailable")
    }))

  it.effect("isn't what its message quotes", () =>
    Effect.gen(function*() {
      const thrown = (make: () => unknown) =>
        Effect.sync(() => {
          try {
            return make()
          } catch (error) {
            return error
          }
        })
      yield* tells(yield* thrown(() => JSON.parse(`${secret}`)), "SyntaxError")
      yield* tells(yield* thrown(() => new URL(`//${secret}`)), "Invalid URL")
      yield* tells(yield* thrown(() => new Request(`https://me:${secret}@example.org/`)), "credentials")
      yield* tells(yield* thrown(() => process.chdir(Object(secret))), "must be")
      yield* tells(new Error(`ERR unknown command 'X', with args beginning with: '${secret}' `), "unknown command")
      yield* tells(new Error(`can't connect to postgres://me:${secret}@db.example.org:5432/x`), "db.example.org")
      yield* tells(new Error(`refused: Authorization: Bearer ${secret}`), "refused")
      yield* tells(new Error(`host/?Action=connect&X-Amz-Security-Token=${secret}&X-Amz-Date=1`), "X-Amz-Date=1")
      for (const mark of ["\"", "'", "<", ">", "://", "@", "/"]) {
        yield* tells(new Error(`can't connect to "redis://me:a${mark}${secret}@db.example.org"`), "db.example.org")
      }
      yield* tells(new Error(`refused: Bearer\t${secret}`), "refused")
      yield* tells(new Error(`refused: X-Amz-Security-Token: ${secret}`), "refused")
      yield* tells(new Error(`refused: {"X-Amz-Security-Token":"${secret}","a":1}`), "refused", "a")
      yield* tells(new Error(`refused: -eyJhbGciOiJub25l.${secret}.x`), "refused")
      yield* tells(new Error(`two lines\n    at ${secret} (x.ts:1:1)`.replace(/\n.*/s, "")), "two lines")
      const signature = "The signature does not match.\n\nThe Canonical String should have been\n'POST\n/\n"
      yield* tells(Object.assign(new Error(signature + secret), { $metadata: {} }), "does not match")
      yield* tells(yield* Effect.flip(Schema.decodeEffect(Schema.fromJsonString(Schema.Int))(secret)))
      yield* tells(
        yield* Effect.flip(Schema.decodeUnknownEffect(Schema.Struct({ text: Schema.Int }))({ text: secret }))
      )
    }))

  it.effect("is what a setting should look like, an example with a password among it", () =>
    tells(
      new SettingRefused({
        variable: "REDIS_URL",
        message: "REDIS_URL must be a URL such as redis://me:word@host:6379."
      }),
      "redis://me:word@host:6379"
    ))

  // A pattern that begins anew at each place takes hours for some of these.
  it.each(["://", "eyJ12345-", "Bearer ", "X-Amz-Signature", "eyJ12345.", "://x@", ", with args"])(
    "is cleaned in no time, though it were long, and all of %j",
    (part) => {
      assert.isString(withoutSecrets(part.repeat(200_000)))
    }
  )

  it.effect("isn't what a cause's message quotes that it repeats", () =>
    Effect.gen(function*() {
      const cause = Object.assign(new Error(`invalid input: "${secret}"`), { severity: "ERROR", code: "22P02" })
      yield* tells(
        new Error(`the statement failed: ${cause.message}`, { cause }),
        "the statement failed: SQLSTATE 22P02"
      )
    }))

  it.effect("ends, however it is tied up", () =>
    Effect.gen(function*() {
      const ring: Error = new Error("first")
      ring.cause = new Error("second", { cause: ring })
      yield* tells(ring, "first", "second")
    }))
})

describePostgres("What a log has of an error of PostgreSQL's", () => {
  it.effect("is its state, and what is about the server, but no value", () =>
    Effect.gen(function*() {
      const url = Redacted.value(yield* makePostgresDatabase)
      const at = (url: string) =>
        Postgres.layer({ url: Redacted.make(url), applicationName: "marginalia-test", maxConnections: 1 })
      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TEMP TABLE words (id integer PRIMARY KEY, text text CONSTRAINT brief CHECK (length(text) < 9))`
        const fails = (statement: Effect.Effect<object, SqlError.SqlError>, ...wanted: ReadonlyArray<string>) =>
          Effect.flatMap(Effect.flip(statement), (error) => tells(error, ...wanted))
        yield* fails(sql`INSERT INTO words VALUES (1, ${secret})`, "SQLSTATE 23514 (brief)")
        yield* fails(sql`SELECT ${secret}::jsonb`, "SQLSTATE 22P02")
        yield* fails(sql`SELECT ${secret}::text::integer`, "SQLSTATE 22P02")
        yield* fails(sql`SELECT nothing FROM words WHERE text = ${secret}`, "SQLSTATE 42703", "does not exist")
        yield* fails(sql`DO ${sql.literal(`$$ BEGIN RAISE '%', '${secret}'; END $$`)}`, "SQLSTATE P0001")
      }).pipe(Effect.provide(at(url)))
      const elsewhere = new URL(url)
      elsewhere.username = "somebody"
      elsewhere.password = secret
      const refusal = SqlClient.SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(at(elsewhere.href)))
      yield* tells(yield* Effect.flip(refusal), "SQLSTATE 28000")
    }))
})

describeRedis("What a log has of an error of Redis'", () => {
  it.effect("is what Redis says, but not what it was asked", () =>
    Effect.gen(function*() {
      const client = new Redis(yield* sharedRedis, {
        username: "somebody",
        password: secret,
        retryStrategy: () => null
      })
      const refusal = yield* Effect.callback<unknown>((resume) => {
        client.once("error", (error) => resume(Effect.succeed(error)))
      })
      client.disconnect()
      // Else this would be about another error than the one that quotes.
      assert.isTrue(Predicate.hasProperty(refusal, "command") && JSON.stringify(refusal.command).includes(secret))
      yield* tells(refusal, "WRONGPASS")
    }))
})
