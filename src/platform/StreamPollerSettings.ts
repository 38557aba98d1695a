import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { DynamoDbSettings } from "./DynamoDb.ts"
import {
  type DatabaseSettings,
  readDatabase,
  readDynamoDb,
  readRedis,
  readTables,
  type RedisSettings
} from "./engineSettings.ts"
import type { LogSettings } from "./Logging.ts"
import { readListening, readLogging, readPollInterval, readShutdownTimeout, SettingRefused } from "./settings.ts"
import { readTracing, type TracingSettings } from "./tracingSettings.ts"

/** What the environment says to the stream poller. */
export interface StreamPollerSettings extends LogSettings {
  /** Where health and metrics are. */
  readonly management: { readonly host: string; readonly port: number }
  readonly dynamoDb: DynamoDbSettings
  readonly tables: { readonly events: string; readonly inbox: string }
  readonly database: DatabaseSettings
  readonly redis: RedisSettings
  /** How often an idle shard is read. Each time costs a read unit of the stream, and AWS takes 5 a second of each shard. */
  readonly pollInterval: Duration.Duration
  readonly shutdownTimeout: Duration.Duration
  readonly tracing: TracingSettings | undefined
}

const fewestConnections = 4

/** Reads and checks all settings. */
export const readStreamPollerSettings = Effect.gen(function*() {
  const database = yield* readDatabase
  // It leads with one connection for each of its two tables, projects with another, and saves its place with one more.
  if (database.maxConnections < fewestConnections) {
    const variable = "DATABASE_MAX_CONNECTIONS"
    const message = `${variable} must be a whole number from ${fewestConnections} to 1000 for the stream poller.`
    return yield* new SettingRefused({ variable, message })
  }
  const settings: StreamPollerSettings = {
    management: yield* readListening("MANAGEMENT_", { host: "127.0.0.1", port: 9083 }),
    ...(yield* readLogging),
    dynamoDb: yield* readDynamoDb,
    tables: yield* readTables,
    database,
    redis: yield* readRedis,
    pollInterval: yield* readPollInterval,
    shutdownTimeout: yield* readShutdownTimeout,
    tracing: yield* readTracing
  }
  return settings
})
