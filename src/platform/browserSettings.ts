import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isHttpUrl, setting } from "./settings.ts"

/** What the environment says about browsers. */
export interface BrowserSettings {
  /** The origins whose pages may read answers and send commands; `*` for any. None, if it is empty. */
  readonly corsAllowedOrigins: ReadonlyArray<string> | "*"
  /** For how long browsers are told to come by TLS only; undefined for nothing of the kind. */
  readonly hstsMaxAge: Duration.Duration | undefined
}

// As a browser sends it (RFC 6454, section 6.2): lower case, no path, no default port. What only looks like it would never
// match. An asterisk is a character of a host like any other to URL, and a pattern to whoever writes it.
const isOrigin = (text: string): boolean => isHttpUrl(text) && new URL(text).origin === text && !text.includes("*")

const originsIn = (text: string): ReadonlyArray<string> => text.split(",").map((one) => one.trim())

const Origins = Schema.String.check(
  Schema.makeFilter((text: string) => text.trim() === "*" || originsIn(text).every(isOrigin))
)

// A directive of two years is what browsers' preload lists ask for.
const longest = Duration.days(2 * 366)

const MaxAge = Schema.DurationFromString.check(
  Schema.makeFilter((time) =>
    Duration.isGreaterThanOrEqualTo(time, Duration.zero) && Duration.isLessThanOrEqualTo(time, longest)
  )
)

/** What browsers may do, and must, from `CORS_ALLOWED_ORIGINS` and `HSTS_MAX_AGE`. */
export const readBrowsers = Effect.gen(function*() {
  const settings: BrowserSettings = {
    corsAllowedOrigins: yield* setting<ReadonlyArray<string> | "*">(
      "CORS_ALLOWED_ORIGINS",
      (name) => Config.map(Config.schema(Origins, name), (text) => text.trim() === "*" ? "*" : originsIn(text)),
      [],
      "origins separated by commas, each as browsers send it, such as https://example.org or http://localhost:3000; " +
        "or * alone, for any"
    ),
    hstsMaxAge: Option.getOrUndefined(
      yield* setting(
        "HSTS_MAX_AGE",
        (name) => Config.map(Config.schema(MaxAge, name), Option.some),
        Option.none<Duration.Duration>(),
        "a time up to 732 days, such as \"365 days\", for which browsers come by TLS only; left out, they aren't told"
      )
    )
  }
  return settings
})
