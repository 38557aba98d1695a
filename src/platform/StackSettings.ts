import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type BrowserSettings, readBrowsers } from "./browserSettings.ts"
import type { LogSettings } from "./Logging.ts"
import { type RateLimitSettings, readRateLimits } from "./rateLimitSettings.ts"
import { readListening, readLogging, readPollInterval, readShutdownTimeout, setting } from "./settings.ts"

/** What the environment says to the local stack. */
export interface StackSettings extends LogSettings, BrowserSettings {
  readonly host: string
  readonly port: number
  /** Where all engines keep their data; `memory` for a stack that begins and ends with none. */
  readonly dataDirectory: string
  /** How often the poller reads an idle shard. */
  readonly pollInterval: Duration.Duration
  readonly rateLimits: RateLimitSettings
  readonly shutdownTimeout: Duration.Duration
}

/** Reads and checks all settings. */
export const readStackSettings = Effect.gen(function*() {
  const settings: StackSettings = {
    ...(yield* readListening("", { host: "127.0.0.1", port: 8080 })),
    dataDirectory: yield* setting(
      "DATA_DIR",
      Config.NonEmptyString,
      "memory",
      "a folder, or \"memory\" to keep nothing"
    ),
    pollInterval: yield* readPollInterval,
    rateLimits: yield* readRateLimits,
    ...(yield* readBrowsers),
    ...(yield* readLogging),
    shutdownTimeout: yield* readShutdownTimeout
  }
  return settings
})
