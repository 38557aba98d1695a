import * as ByteSize from "effect/ByteSize"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** What the environment says to the standalone program. */
export interface StandaloneSettings {
  readonly host: string
  readonly port: number
  /** `memory` keeps nothing. */
  readonly dataDirectory: string
  readonly logLevel: LogLevel.LogLevel
  readonly logFormat: "json" | "logfmt"
  readonly cacheBytes: number
  readonly maxWaiters: number
  readonly shutdownTimeout: Duration.Duration
}

/** A setting that can't be used. The message is a sentence that names the variable. */
export class SettingRefused extends Schema.TaggedError<SettingRefused>()("SettingRefused", {
  variable: Schema.String,
  message: Schema.String
}) {}

// The value itself stays out of the sentence: it may be a secret in the wrong place.
const setting = <A>(
  variable: string,
  config: (variable: string) => Config.Config<A>,
  fallback: A,
  expected: string
): Effect.Effect<A, SettingRefused> =>
  Effect.mapError(
    config(variable).pipe(Config.withDefault(fallback)),
    () => new SettingRefused({ variable, message: `${variable} must be ${expected}.` })
  )

const logLevels = {
  trace: "Trace",
  debug: "Debug",
  info: "Info",
  warn: "Warn",
  error: "Error",
  none: "None"
} as const satisfies Record<string, LogLevel.LogLevel>

const LogLevelName = Schema.Literals(["trace", "debug", "info", "warn", "error", "none"])

// Digits and nothing else: no sign, no exponent, no hexadecimal.
const wholeNumber = (maximum: number) =>
  Schema.String.check(Schema.isPattern(/^\d{1,7}$/)).pipe(
    Schema.decodeTo(Schema.Finite, SchemaTransformation.numberFromString),
    Schema.check(Schema.isLessThanOrEqualTo(maximum))
  )

const MemorySize = Schema.ByteSizeFromString.check(
  Schema.makeFilter((size) => ByteSize.isLessThanOrEqualTo(size, ByteSize.tebibytes(1)))
)

const ShutdownTime = Schema.DurationFromString.check(
  Schema.makeFilter((time) =>
    Duration.isGreaterThanOrEqualTo(time, Duration.zero) && Duration.isLessThanOrEqualTo(time, Duration.hours(1))
  )
)

const hostPattern = /^[A-Za-z0-9._:-]{1,253}$/

/** Reads and checks all settings. */
export const readStandaloneSettings: Effect.Effect<StandaloneSettings, SettingRefused> = Effect.gen(function*() {
  return {
    host: yield* setting(
      "HOST",
      (name) => Config.schema(Schema.String.check(Schema.isPattern(hostPattern)), name),
      "127.0.0.1",
      "an IP address or host name to listen on, such as 127.0.0.1 or 0.0.0.0"
    ),
    port: yield* setting(
      "PORT",
      (name) => Config.schema(wholeNumber(65_535), name),
      8080,
      "a port number from 1 to 65535, or 0 for any free one"
    ),
    dataDirectory: yield* setting(
      "DATA_DIR",
      Config.NonEmptyString,
      ".data",
      "a folder, or \"memory\" to keep nothing"
    ),
    logLevel: logLevels[
      yield* setting(
        "LOG_LEVEL",
        (name) => Config.schema(LogLevelName, name),
        "info",
        "one of trace, debug, info, warn, error, none"
      )
    ],
    logFormat: yield* setting(
      "LOG_FORMAT",
      (name) => Config.schema(Schema.Literals(["json", "logfmt"]), name),
      "json",
      "json or logfmt"
    ),
    cacheBytes: ByteSize.toNumberUnsafe(
      yield* setting(
        "CACHE_SIZE",
        (name) => Config.schema(MemorySize, name),
        ByteSize.mebibytes(64),
        "an amount of memory up to 1TiB, such as 64MiB"
      )
    ),
    maxWaiters: yield* setting(
      "MAX_WAITERS",
      (name) => Config.schema(wholeNumber(1_000_000), name),
      1000,
      "a whole number from 0 to 1000000"
    ),
    shutdownTimeout: yield* setting(
      "SHUTDOWN_TIMEOUT",
      (name) => Config.schema(ShutdownTime, name),
      Duration.seconds(20),
      "a time up to an hour, such as \"20 seconds\""
    )
  }
})
