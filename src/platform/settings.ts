import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { Notes, shown, written } from "./askedSettings.ts"

/** A setting that can't be used, or that is missing. The message is a sentence that names the variable. */
export class SettingRefused extends Schema.TaggedError<SettingRefused>()("SettingRefused", {
  variable: Schema.String,
  message: Schema.String
}) {}

// The value itself stays out of the sentence: it may be a secret in the wrong place.
const refused = (variable: string, expected: string) => () =>
  new SettingRefused({ variable, message: `${variable} must be ${expected}.` })

/** Reads a variable that has a default. `expected` ends the sentence "VARIABLE must be …". */
export const setting = <A>(
  variable: string,
  config: (variable: string) => Config.Config<A>,
  fallback: NoInfer<A>,
  expected: string
): Effect.Effect<A, SettingRefused> =>
  Effect.flatMap(Notes, (notes) => {
    notes?.push({ variable, expected, fallback: shown(fallback) })
    return Effect.mapError(config(variable).pipe(Config.withDefault(fallback)), refused(variable, expected))
  })

/** Reads a variable that there is no default for. While notes are taken of what is asked for, the example is the answer. */
export const requiredSetting = <A>(
  variable: string,
  config: (variable: string) => Config.Config<A>,
  expected: string,
  example = "https://example.org"
): Effect.Effect<A, SettingRefused> =>
  Effect.flatMap(Notes, (notes) => {
    const read = Effect.mapError(config(variable), refused(variable, expected))
    if (notes === null) return read
    notes.push({ variable, expected, fallback: null })
    const answer = ConfigProvider.fromUnknown({ [variable]: example })
    return Effect.provideService(read, ConfigProvider.ConfigProvider, answer)
  })

/** Whether a text is an http or https URL. */
export const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:/.test(text)

/** An http or https URL, as text. */
export const HttpUrl = Schema.String.check(Schema.makeFilter(isHttpUrl))

// Digits and nothing else: no sign, no exponent, no hexadecimal.
export const wholeNumber = (maximum: number) =>
  Schema.String.check(Schema.isPattern(/^\d{1,7}$/)).pipe(
    Schema.decodeTo(Schema.Finite, SchemaTransformation.numberFromString),
    Schema.check(Schema.isLessThanOrEqualTo(maximum))
  )

const hostPattern = /^[A-Za-z0-9._:-]{1,253}$/

/** The address that a program listens on, from `<prefix>HOST` and `<prefix>PORT`. Port 0 is any free one. */
export const readListening = Effect.fnUntraced(function*(prefix: string, fallback: { host: string; port: number }) {
  return {
    host: yield* setting(
      `${prefix}HOST`,
      (name) => Config.schema(Schema.String.check(Schema.isPattern(hostPattern)), name),
      fallback.host,
      "an IP address or host name to listen on, such as 127.0.0.1 or 0.0.0.0"
    ),
    port: yield* setting(
      `${prefix}PORT`,
      (name) => Config.schema(wholeNumber(65_535), name),
      fallback.port,
      "a port number from 1 to 65535, or 0 for any free one"
    )
  }
})

const logLevels = {
  trace: "Trace",
  debug: "Debug",
  info: "Info",
  warn: "Warn",
  error: "Error",
  none: "None"
} as const satisfies Record<string, LogLevel.LogLevel>

/** How the program writes its log, from `LOG_LEVEL` and `LOG_FORMAT`. */
export const readLogging = Effect.gen(function*() {
  const level = yield* setting(
    "LOG_LEVEL",
    (name) => Config.schema(Schema.Literals(["trace", "debug", "info", "warn", "error", "none"]), name),
    "info",
    "one of trace, debug, info, warn, error, none"
  )
  const logFormat = yield* setting(
    "LOG_FORMAT",
    (name) => Config.schema(Schema.Literals(["json", "logfmt"]), name),
    "json",
    "json or logfmt"
  )
  return { logLevel: logLevels[level], logFormat }
})

/** How often an idle shard of a stream is read, from `POLL_INTERVAL`. */
export const readPollInterval = Effect.suspend(() =>
  readDuration("POLL_INTERVAL", Duration.millis(200), { minimum: Duration.millis(10), maximum: Duration.minutes(1) })
)

/** A time from a variable, such as `20 seconds`, between two others. */
export const readDuration = (
  variable: string,
  fallback: Duration.Duration,
  { maximum, minimum = Duration.zero }: { readonly minimum?: Duration.Duration; readonly maximum: Duration.Duration }
): Effect.Effect<Duration.Duration, SettingRefused> =>
  setting(
    variable,
    (name) =>
      Config.schema(
        Schema.DurationFromString.check(
          Schema.makeFilter((time) =>
            Duration.isGreaterThanOrEqualTo(time, minimum) && Duration.isLessThanOrEqualTo(time, maximum)
          )
        ),
        name
      ),
    fallback,
    `a time from ${written(minimum)} to ${written(maximum)}, such as "${written(fallback)}"`
  )

/** How long a program that ends waits for what is in flight, from `SHUTDOWN_TIMEOUT`. */
export const readShutdownTimeout = readDuration("SHUTDOWN_TIMEOUT", Duration.seconds(20), {
  maximum: Duration.hours(1)
})

/**
 * How long a server keeps a connection on which nothing is asked, from `KEEP_ALIVE_TIMEOUT`. It must be longer than the
 * load balancer before it does: its 60 seconds, for AWS's. At most 10 minutes, for a client that doesn't read its
 * answer may hold a connection for about as long.
 */
export const readKeepAliveTimeout = readDuration("KEEP_ALIVE_TIMEOUT", Duration.seconds(65), {
  minimum: Duration.seconds(1),
  maximum: Duration.minutes(10)
})

const readNumber = (variable: string, fallback: number) =>
  setting(
    variable,
    (name) => Config.schema(wholeNumber(1_000_000), name),
    fallback,
    "a whole number from 0 to 1000000"
  )

/** How many queries may wait for the read model at once, in all and from one address, from `MAX_WAITERS` and `MAX_WAITERS_PER_CALLER`. */
export const readWaiters = Effect.all({
  maxWaiters: readNumber("MAX_WAITERS", 1000),
  maxWaitersPerCaller: readNumber("MAX_WAITERS_PER_CALLER", 100)
})

/**
 * The one header that is believed about a client's address, in lower case, from `CLIENT_ADDRESS_HEADER`; null for none, which
 * leaves the address that the connection comes from.
 */
export const readClientAddressHeader = setting<string | null>(
  "CLIENT_ADDRESS_HEADER",
  // RFC 9110, section 5.6.2, as far as anybody uses it.
  (name) =>
    Config.map(
      Config.schema(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9-]{1,64}$/)), name),
      (header) => header.toLowerCase()
    ),
  null,
  "the name of a header that whoever stands before this program sets to the client's IP address, replacing what was there"
)
