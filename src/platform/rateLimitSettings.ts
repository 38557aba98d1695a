import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { setting, SettingRefused } from "./settings.ts"

/** A bucket of so many tokens: full at first, and when empty full again after the window, evenly refilled. */
export interface RateLimit {
  readonly burst: number
  /** Whole seconds. */
  readonly window: Duration.Duration
}

/** What one caller may ask for. Null for no limit. */
export interface RateLimitSettings {
  readonly commands: RateLimit | null
  readonly queries: RateLimit | null
}

const decodeWindow = Schema.decodeOption(
  Schema.DurationFromString.check(
    Schema.makeFilter((window) =>
      Number.isInteger(Duration.toSeconds(window)) &&
      Duration.isGreaterThanOrEqualTo(window, Duration.seconds(1)) &&
      Duration.isLessThanOrEqualTo(window, Duration.days(1))
    )
  )
)

/** A limit as it is written in a variable, `100 per 1 minute`; null for `off`, none for what isn't one. */
export const parseRateLimit = (text: string): Option.Option<RateLimit | null> => {
  if (text === "off") return Option.some(null)
  const [, number = "0", window = ""] = /^(\d{1,7}) per (.{1,64})$/.exec(text) ?? []
  const burst = Number(number)
  if (burst < 1 || burst > 1_000_000) return Option.none()
  return Option.map(decodeWindow(window), (window) => ({ burst, window }))
}

const readRateLimit = Effect.fnUntraced(function*(variable: string, fallback: string) {
  const expected =
    `a number from 1 to 1000000 per whole seconds up to a day, such as "${fallback}", or off for no limit`
  const text = yield* setting(variable, Config.NonEmptyString, fallback, expected)
  const refused = new SettingRefused({ variable, message: `${variable} must be ${expected}.` })
  return yield* Effect.mapError(Effect.fromOption(parseRateLimit(text)), () => refused)
})

/**
 * How many commands and queries one caller may send, from `RATE_LIMIT_COMMANDS` and `RATE_LIMIT_QUERIES`. A person never meets
 * the defaults, whatever they do by hand; a program that runs wild does.
 */
export const readRateLimits = Effect.gen(function*() {
  const settings: RateLimitSettings = {
    commands: yield* readRateLimit("RATE_LIMIT_COMMANDS", "10000 per 1 hour"),
    queries: yield* readRateLimit("RATE_LIMIT_QUERIES", "60000 per 10 minutes")
  }
  return settings
})
