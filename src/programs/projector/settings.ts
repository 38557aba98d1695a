import * as Effect from "effect/Effect"
import type { DynamoDbSettings } from "../../platform/DynamoDb.ts"
import type { DatabaseSettings } from "../../platform/engineSettings.ts"
import { readDatabase, readDynamoDb, readRedis, readTables } from "../../platform/engineSettings.ts"
import type { LogSettings } from "../../platform/Logging.ts"
import { type RedisPlace, redisPlace } from "../../platform/redisOptions.ts"
import type { SettingRefused } from "../../platform/settings.ts"
import { readLogging } from "../../platform/settings.ts"

/** What the environment says to the projector. */
export interface ProjectorSettings extends LogSettings {
  readonly database: DatabaseSettings
  readonly redis: RedisPlace
  readonly dynamoDb: DynamoDbSettings
  readonly eventsTable: string
}

/** Reads and checks all settings. */
export const readProjectorSettings: Effect.Effect<ProjectorSettings, SettingRefused> = Effect.gen(function*() {
  return {
    ...(yield* readLogging),
    database: yield* readDatabase,
    redis: yield* redisPlace(yield* readRedis),
    dynamoDb: yield* readDynamoDb,
    eventsTable: (yield* readTables).events
  }
})
