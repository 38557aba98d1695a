import * as ByteSize from "effect/ByteSize"
import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import { type BrowserSettings, readBrowsers } from "./browserSettings.ts"
import { type RateLimitSettings, readRateLimits } from "./rateLimitSettings.ts"
import {
  readClientAddressHeader,
  readListening,
  readLogging,
  readShutdownTimeout,
  readWaiters,
  setting,
  type SettingRefused
} from "./settings.ts"

/** What the environment says to the standalone program. */
export interface StandaloneSettings extends BrowserSettings {
  readonly host: string
  readonly port: number
  /** `memory` keeps nothing. */
  readonly dataDirectory: string
  readonly logLevel: LogLevel.LogLevel
  readonly logFormat: "json" | "logfmt"
  readonly cacheBytes: number
  /** How many queries may wait for their consistency tokens at once: in all, and from one address. */
  readonly maxWaiters: number
  readonly maxWaitersPerCaller: number
  /** The header that is believed about a client's address; null for none. */
  readonly clientAddressHeader: string | null
  readonly rateLimits: RateLimitSettings
  readonly shutdownTimeout: Duration.Duration
}

const MemorySize = Schema.ByteSizeFromString.check(
  Schema.makeFilter((size) => ByteSize.isLessThanOrEqualTo(size, ByteSize.tebibytes(1)))
)

/** Reads and checks all settings. */
export const readStandaloneSettings: Effect.Effect<StandaloneSettings, SettingRefused> = Effect.gen(function*() {
  return {
    ...(yield* readListening("", { host: "127.0.0.1", port: 8080 })),
    dataDirectory: yield* setting(
      "DATA_DIR",
      Config.NonEmptyString,
      ".data",
      "a folder, or \"memory\" to keep nothing"
    ),
    ...(yield* readLogging),
    cacheBytes: ByteSize.toNumberUnsafe(
      yield* setting(
        "CACHE_SIZE",
        (name) => Config.schema(MemorySize, name),
        ByteSize.mebibytes(64),
        "an amount of memory up to 1TiB, such as 64MiB"
      )
    ),
    ...(yield* readWaiters),
    clientAddressHeader: yield* readClientAddressHeader,
    ...(yield* readBrowsers),
    rateLimits: yield* readRateLimits,
    shutdownTimeout: yield* readShutdownTimeout
  }
})
