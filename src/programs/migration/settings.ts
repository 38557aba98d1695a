import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { type DatabaseSettings, readDatabase } from "../../platform/engineSettings.ts"
import type { LogSettings } from "../../platform/Logging.ts"
import { readLogging, requiredSetting, type SettingRefused } from "../../platform/settings.ts"

/** What the environment says to the Lambda that migrates. */
export interface MigrationSettings extends LogSettings {
  /** The read model's database. Its URL has no user. */
  readonly database: DatabaseSettings
  /** The secret of the database's owner. */
  readonly secret: string
}

/** What the secret is named in. */
export const secretVariable = "DATABASE_SECRET"

/** Reads and checks all settings. */
export const readMigrationSettings: Effect.Effect<MigrationSettings, SettingRefused> = Effect.gen(function*() {
  return {
    ...(yield* readLogging),
    database: yield* readDatabase,
    secret: yield* requiredSetting(
      secretVariable,
      Config.NonEmptyString,
      "the ARN of a secret {\"username\", \"password\"}, with which the database's owner comes",
      "secret"
    )
  }
})
