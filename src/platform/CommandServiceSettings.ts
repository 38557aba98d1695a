import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type BrowserSettings, readBrowsers } from "./browserSettings.ts"
import type { DynamoDbSettings } from "./DynamoDb.ts"
import { readDynamoDb, readRedis, readTables, type RedisSettings } from "./engineSettings.ts"
import type { LogSettings } from "./Logging.ts"
import { type RateLimitSettings, readRateLimits } from "./rateLimitSettings.ts"
import {
  readClientAddressHeader,
  readKeepAliveTimeout,
  readListening,
  readLogging,
  readShutdownTimeout
} from "./settings.ts"
import { readTokens, type TokenSettings } from "./tokenSettings.ts"
import { readTracing, type TracingSettings } from "./tracingSettings.ts"

/** What the environment says to the command service. */
export interface CommandServiceSettings extends LogSettings, BrowserSettings {
  readonly host: string
  readonly port: number
  /** Where health and metrics are: never on the port that clients come to. */
  readonly management: { readonly host: string; readonly port: number }
  readonly tokens: TokenSettings
  readonly dynamoDb: DynamoDbSettings
  /** What all tasks share to know how much each caller has asked for; nothing where commands aren't limited. */
  readonly redis: RedisSettings | undefined
  readonly tables: { readonly events: string; readonly inbox: string }
  /** How long a connection is kept on which nothing is asked. */
  readonly keepAliveTimeout: Duration.Duration
  /** The header that is believed about a client's address; null for none. */
  readonly clientAddressHeader: string | null
  readonly rateLimits: RateLimitSettings
  readonly shutdownTimeout: Duration.Duration
  readonly tracing: TracingSettings | undefined
}

/** Reads and checks all settings. */
export const readCommandServiceSettings = Effect.gen(function*() {
  const rateLimits = yield* readRateLimits
  const settings: CommandServiceSettings = {
    ...(yield* readListening("", { host: "127.0.0.1", port: 8081 })),
    management: yield* readListening("MANAGEMENT_", { host: "127.0.0.1", port: 9081 }),
    ...(yield* readLogging),
    tokens: yield* readTokens,
    dynamoDb: yield* readDynamoDb,
    redis: rateLimits.commands === null ? undefined : yield* readRedis,
    tables: yield* readTables,
    keepAliveTimeout: yield* readKeepAliveTimeout,
    clientAddressHeader: yield* readClientAddressHeader,
    ...(yield* readBrowsers),
    rateLimits,
    shutdownTimeout: yield* readShutdownTimeout,
    tracing: yield* readTracing
  }
  return settings
})
