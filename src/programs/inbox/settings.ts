import * as Effect from "effect/Effect"
import type { DynamoDbSettings } from "../../platform/DynamoDb.ts"
import { readDynamoDb, readTables } from "../../platform/engineSettings.ts"
import type { LogSettings } from "../../platform/Logging.ts"
import type { SettingRefused } from "../../platform/settings.ts"
import { readLogging } from "../../platform/settings.ts"

/** What the environment says to the Lambda that runs the inbox. */
export interface InboxSettings extends LogSettings {
  readonly dynamoDb: DynamoDbSettings
  readonly tables: { readonly events: string; readonly inbox: string }
}

/** Reads and checks all settings. */
export const readInboxSettings: Effect.Effect<InboxSettings, SettingRefused> = Effect.gen(function*() {
  return { ...(yield* readLogging), dynamoDb: yield* readDynamoDb, tables: yield* readTables }
})
