import { PutItemCommand } from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import * as DynamoEventStore from "../../src/events/DynamoEventStore.ts"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { dynamoRequest } from "../../src/platform/DynamoError.ts"
import * as Postgres from "../../src/platform/Postgres.ts"
import { operate } from "../../src/programs/ops.ts"
import { exitCode } from "../../src/programs/ops/ending.ts"
import { written } from "../contract/eventStoreSteps.ts"
import { makePostgresDatabase } from "../engines/databases.ts"
import { dynoxide } from "../engines/dynamo.ts"
import { sharedRedis } from "../engines/redis.ts"
import { commit, edited, posted } from "../support/encodedCommits.ts"
import { builtService } from "./builtService.ts"
import { patience, run as runProgram } from "./program.ts"

/** Engines of a suite's own, with no tables on them, and how `ops` is told of them. */
class Site extends Context.Service<Site, { readonly settings: Readonly<Record<string, string>> }>()("test/Site") {}

const site = Layer.unwrap(Effect.gen(function*() {
  const id = randomUUID()
  const [events, endpoint, redis] = [`events-${id}`, yield* dynoxide.endpoint, yield* sharedRedis]
  const database = yield* makePostgresDatabase
  const settings = {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    DYNAMODB_ENDPOINT: endpoint,
    EVENTS_TABLE: events,
    INBOX_TABLE: `inbox-${id}`,
    DATABASE_URL: Redacted.value(database),
    REDIS_URL: redis,
    LOG_LEVEL: "warn"
  }
  return Layer.mergeAll(
    Layer.succeed(Site, { settings }),
    Postgres.layer({ url: database, applicationName: "marginalia-test", maxConnections: 2 }),
    DynamoEventStore.layer({ table: events }).pipe(Layer.provideMerge(dynoxide.client()))
  )
}))

/** As operators run it, with the image's file: it starts in half the time that its sources take. */
const run = Effect.fnUntraced(function*(settings: Readonly<Record<string, string>>, args: ReadonlyArray<string>) {
  return yield* runProgram(yield* builtService("ops"), settings, args)
})

/** What a command prints, which ends as it should. */
const printed = Effect.fnUntraced(function*(code: number, ...args: ReadonlyArray<string>) {
  const { settings } = yield* Site
  const ended = yield* run(settings, args)
  assert.strictEqual(ended.code, code, `ops ${args.join(" ")}: ${ended.stdout}${ended.stderr}`)
  return ended.stdout + ended.stderr
})

/** The same of one that has been a process before, or is much like one that has: it isn't started for that. */
const said = Effect.fnUntraced(function*(code: number, ...args: ReadonlyArray<string>) {
  const { settings } = yield* Site
  const lines: Array<string> = []
  const line = (...parts: ReadonlyArray<unknown>) => {
    lines.push(`${parts.join(" ")}\n`)
  }
  const exit = yield* Effect.exit(operate(args)).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env: settings })),
    Effect.updateService(Console.Console, (console) => ({ ...console, log: line, error: line }))
  )
  const text = lines.join("")
  exitCode(exit, (ended) => assert.strictEqual(ended, code, `ops ${args.join(" ")}: ${text}`))
  return text
})

/** Puts a commit into the table past the store, over whatever is there. */
const plant = (table: string, commit: EncodedCommit) =>
  DynamoDb.use(({ client }) =>
    dynamoRequest((options) => client.send(new PutItemCommand({ TableName: table, Item: commitItem(commit) }), options))
  )

describe("The program for operators", () => {
  it.layer(site, { excludeTestServices: true, timeout: patience })((it) => {
    it.effect("looks after the tables, the log and the read model, step by step", () =>
      Effect.gen(function*() {
        const { settings } = yield* Site
        const sql = yield* SqlClient.SqlClient

        // Tables: what would be made, what is made, what is there.
        assert.match(yield* said(0, "tables", "create", "--dry-run"), /would be created/)
        assert.match(yield* printed(0, "tables", "create"), /events-\S+ {2}created/)
        assert.match(yield* said(0, "tables", "create"), /events-\S+ {2}is there/)

        // Migrations, started twice at once.
        assert.match(yield* printed(0, "migrate", "--dry-run"), /Would be applied: 1_read_model/)
        const migrated = yield* Effect.all([printed(0, "migrate"), printed(0, "migrate")], { concurrency: 2 })
        assert.lengthOf(migrated.filter((text) => text.includes("Applied: 1_read_model")), 1)
        assert.match(yield* said(0, "migrate", "--dry-run"), /up to date/)

        // A log that nobody has projected.
        const { stream } = yield* written([posted("one")], [edited("two"), edited("three")])
        const other = yield* written([posted("other")])
        assert.match(yield* printed(3, "verify"), new RegExp(`${stream} is behind: the log is at version 3`))
        assert.match(yield* said(0, "reconcile", "--dry-run"), /4 events of 2 streams would be projected/)
        assert.match(yield* printed(0, "reconcile"), /4 events projected/)
        assert.match(yield* said(0, "verify"), /2 streams in 3 commits .* no difference/)
        assert.match(yield* said(0, "reconcile"), /0 events projected/)

        // One stream, without what people wrote unless it is asked for.
        const shown = yield* printed(0, "stream", "show", stream)
        assert.match(shown, /^1 {2}\S+Z {2}CommentPosted[^]*\n3 {2}\S+Z {2}CommentEdited[^]*is at version 3/)
        assert.notInclude(shown, "three")
        assert.include(yield* said(0, "stream", "show", stream, "--json"), "three")
        assert.match(yield* printed(3, "stream", "show", randomUUID()), /The log has no stream/)

        // A commit that nobody can decode.
        const second = commit(other.stream, 2, edited("mended"))
        yield* plant(settings["EVENTS_TABLE"] ?? "", { ...second, events: [{ what: "is this" }] })
        assert.match(yield* said(3, "reconcile"), /1 streams were parked/)
        assert.match(yield* printed(0, "parked", "list"), new RegExp(`${other.stream} {2}at 1, version 2 since `))
        assert.include(yield* said(0, "parked", "list", "--json"), `"stream":"${other.stream}"`)
        assert.match(yield* said(3, "verify"), /is parked at version 1, the log is at 2/)
        assert.match(yield* said(0, "redrive", "--all", "--dry-run"), /1 streams would be redriven/)
        assert.match(yield* said(3, "redrive", other.stream), /is parked again at version 2/)
        yield* plant(settings["EVENTS_TABLE"] ?? "", second)
        assert.match(yield* printed(0, "redrive", "--all"), new RegExp(`${other.stream} goes on: 1 events projected`))
        assert.match(yield* said(0, "parked", "list"), /No stream is parked/)
        assert.match(yield* said(0, "verify"), /no difference/)

        // Counts that are wrong.
        yield* sql`UPDATE picture_counts SET count = count + 7`
        assert.match(yield* printed(3, "verify", "--json"), /"of":"picture".*"_tag":"WrongCount"/)
      }), patience)

    it.effect("says how it is used to who uses it wrongly, and ends with 2", () =>
      Effect.gen(function*() {
        assert.match(yield* printed(2, "frobnicate"), /Unknown subcommand "frobnicate"/)
        assert.match(yield* printed(2, "stream", "show", "no-uuid"), /no-uuid/)
        assert.match(yield* printed(2, "redrive"), /Name one stream, or ask for --all/)
        assert.match(yield* printed(0, "reconcile", "--help"), /--dry-run/)
      }), patience)

    it.effect("says which right its user lacks, and ends with 1", () =>
      Effect.gen(function*() {
        const { settings } = yield* Site
        const sql = yield* SqlClient.SqlClient
        const user = `user_${randomUUID().replaceAll("-", "")}`
        yield* Effect.acquireRelease(
          sql.unsafe(`CREATE ROLE ${user} LOGIN`),
          () => Effect.orDie(sql.unsafe(`DROP ROLE ${user}`))
        )
        const url = new URL(settings["DATABASE_URL"] ?? "")
        url.username = user
        const text = yield* Effect.provideService(
          said(1, "parked", "list"),
          Site,
          Site.of({ settings: { ...settings, DATABASE_URL: url.href } })
        )
        assert.match(text, /SQLSTATE 42501.*: permission denied for table stream_positions\n$/)
      }), patience)

    it.effect("says in a sentence what it can't reach or isn't told, and ends with 1", () =>
      Effect.gen(function*() {
        const { settings } = yield* Site
        const unreachable = { ...settings, DATABASE_URL: "postgres://nobody:hidden@127.0.0.1:1/none" }
        const ended = yield* run(unreachable, ["parked", "list"])
        assert.strictEqual(ended.code, 1)
        assert.notInclude(ended.stderr, "hidden")
        assert.notMatch(ended.stderr, /\n {4}at /)
        const untold = yield* runProgram("ops.ts", { LOG_LEVEL: "warn" }, ["verify"])
        assert.strictEqual(untold.code, 1)
        assert.match(
          untold.stderr,
          /^DATABASE_URL must be the URL of a Postgres database, such as postgres:\/\/user:password@host/
        )
      }), patience)
  })
})
