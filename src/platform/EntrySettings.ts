import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { LogSettings } from "./Logging.ts"
import {
  HttpUrl,
  isHttpUrl,
  readListening,
  readLogging,
  readShutdownTimeout,
  requiredSetting,
  setting
} from "./settings.ts"

/** What the environment says to the entry point that stands before both services where there is no API Gateway. */
export interface EntrySettings extends LogSettings {
  readonly host: string
  readonly port: number
  /** Where the keys of its tokens are, and what it says of itself: not for clients. */
  readonly management: { readonly host: string; readonly port: number }
  readonly commands: URL
  readonly queries: URL
  /** The addresses at which the parts behind it say whether they are ready. */
  readonly readiness: ReadonlyArray<URL>
  /** Where its signing key is kept; undefined for one that ends with the program. */
  readonly keys: string | undefined
  readonly shutdownTimeout: Duration.Duration
}

const readUrl = (variable: string) =>
  Effect.map(
    requiredSetting(
      variable,
      (name) => Config.schema(HttpUrl, name),
      "the http or https URL of a service"
    ),
    (text) => new URL(text)
  )

const isUrls = Schema.makeFilter((text: string) => text.split(",").every((one) => isHttpUrl(one.trim())))

/** Reads and checks all settings. */
export const readEntrySettings = Effect.gen(function*() {
  const readiness = yield* requiredSetting(
    "READINESS_URLS",
    (name) => Config.schema(Schema.String.check(isUrls), name),
    "the URLs, separated by commas, at which the parts behind the entry say whether they are ready"
  )
  const keys = yield* setting("DATA_DIR", Config.NonEmptyString, "memory", "a folder, or \"memory\" to keep nothing")
  const settings: EntrySettings = {
    ...(yield* readListening("", { host: "127.0.0.1", port: 8080 })),
    management: yield* readListening("MANAGEMENT_", { host: "127.0.0.1", port: 9080 }),
    commands: yield* readUrl("COMMAND_SERVICE_URL"),
    queries: yield* readUrl("QUERY_SERVICE_URL"),
    readiness: readiness.split(",").map((one) => new URL(one.trim())),
    keys: keys === "memory" ? undefined : keys,
    ...(yield* readLogging),
    shutdownTimeout: yield* readShutdownTimeout
  }
  return settings
})
