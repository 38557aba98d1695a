import { Context, Effect, Layer, Redacted, Schedule } from "effect"
import { CommandInbox } from "../../../src/commands/CommandInbox.ts"
import * as DynamoCommandInbox from "../../../src/commands/DynamoCommandInbox.ts"
import type { CommandId } from "../../../src/domain/ids.ts"
import * as DynamoEventStore from "../../../src/events/DynamoEventStore.ts"
import { migrate } from "../../../src/platform/migrate.ts"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"
import { makePostgresDatabase } from "../../engines/databases.ts"
import { DynamoTables, dynoxide } from "../../engines/dynamo.ts"
import { sharedRedis } from "../../engines/redis.ts"
import { quiet } from "../../support/projection.ts"
import type { CallRecorder } from "./makeCallRecorder.ts"

/** Engines of its own for a part of the recording, and how programs are told of them. */
export class RecordedSite extends Context.Service<RecordedSite, {
  /** What is the same for all programs. */
  readonly shared: Readonly<Record<string, string>>
  /** The same, with a way to DynamoDB on which what this program asks for is written down. */
  readonly environmentOf: (program: string) => Readonly<Record<string, string>>
}>()("marginalia/test/infra/recording/RecordedSite") {}

/** The programs, by the names under which their calls are written down. */
export const recordedPrograms = [
  "command-service",
  "query-service",
  "projector",
  "inbox",
  "stream-poller",
  "ops"
] as const

const site = (recorder: CallRecorder) =>
  Layer.effect(
    RecordedSite,
    Effect.gen(function*() {
      const { events, inbox } = yield* DynamoTables
      const engine = yield* dynoxide.endpoint
      const database = yield* makePostgresDatabase
      yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations }).pipe(
        Effect.provide(Postgres.layer({ url: database, maxConnections: 1, applicationName: "marginalia-test" }))
      )
      const shared = {
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        EVENTS_TABLE: events,
        INBOX_TABLE: inbox,
        DATABASE_URL: Redacted.value(database),
        REDIS_URL: yield* sharedRedis
      }
      const ways = new Map<string, string>(
        yield* Effect.forEach(recordedPrograms, (program) =>
          Effect.map(recorder.endpoint(program, engine), (endpoint) => [program, endpoint] as const))
      )
      return {
        shared,
        environmentOf: (program) => ({ ...shared, DYNAMODB_ENDPOINT: ways.get(program) ?? "" })
      }
    })
  )

const log = Layer.unwrap(Effect.map(DynamoTables, ({ events }) => DynamoEventStore.layer({ table: events })))
const inbox = Layer.unwrap(Effect.map(DynamoTables, ({ inbox }) => DynamoCommandInbox.layer({ table: inbox })))

/** A site, and what looks at its tables without being recorded. */
export const recordedSite = (recorder: CallRecorder) =>
  site(recorder).pipe(
    Layer.provideMerge(inbox),
    Layer.provideMerge(log),
    Layer.provideMerge(dynoxide.tables()),
    Layer.provideMerge(quiet)
  )

/** Waits until it is known what has become of a command that was accepted. */
export const outcomeOf = (id: CommandId) =>
  CommandInbox.use((inbox) => inbox.find(id)).pipe(
    Effect.map((found) => found._tag === "Some" ? found.value.outcome : null),
    Effect.repeat({ schedule: Schedule.spaced("20 millis"), until: (outcome) => outcome !== null })
  )
