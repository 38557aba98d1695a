import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type BrowserSettings, readBrowsers } from "./browserSettings.ts"
import { type DatabaseSettings, readDatabase, readRedis, type RedisSettings } from "./engineSettings.ts"
import type { LogSettings } from "./Logging.ts"
import { type RateLimitSettings, readRateLimits } from "./rateLimitSettings.ts"
import {
  readClientAddressHeader,
  readKeepAliveTimeout,
  readListening,
  readLogging,
  readShutdownTimeout,
  readWaiters
} from "./settings.ts"
import { readTokens, type TokenSettings } from "./tokenSettings.ts"
import { readTracing, type TracingSettings } from "./tracingSettings.ts"

/** What the environment says to the query service. */
export interface QueryServiceSettings extends LogSettings, BrowserSettings {
  readonly host: string
  readonly port: number
  /** Where health and metrics are: never on the port that clients come to. */
  readonly management: { readonly host: string; readonly port: number }
  readonly tokens: TokenSettings
  readonly database: DatabaseSettings
  readonly redis: RedisSettings
  /** How many queries may wait for their consistency tokens at once: in all, and from one address. */
  readonly maxWaiters: number
  readonly maxWaitersPerCaller: number
  /** The header that is believed about a client's address; null for none. */
  readonly clientAddressHeader: string | null
  readonly rateLimits: RateLimitSettings
  /** How long a connection is kept on which nothing is asked. */
  readonly keepAliveTimeout: Duration.Duration
  readonly shutdownTimeout: Duration.Duration
  readonly tracing: TracingSettings | undefined
}

/** Reads and checks all settings. */
export const readQueryServiceSettings = Effect.gen(function*() {
  const settings: QueryServiceSettings = {
    ...(yield* readListening("", { host: "127.0.0.1", port: 8082 })),
    management: yield* readListening("MANAGEMENT_", { host: "127.0.0.1", port: 9082 }),
    ...(yield* readLogging),
    tokens: yield* readTokens,
    database: yield* readDatabase,
    redis: yield* readRedis,
    ...(yield* readWaiters),
    clientAddressHeader: yield* readClientAddressHeader,
    ...(yield* readBrowsers),
    rateLimits: yield* readRateLimits,
    keepAliveTimeout: yield* readKeepAliveTimeout,
    shutdownTimeout: yield* readShutdownTimeout,
    tracing: yield* readTracing
  }
  return settings
})
