import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type { DynamoDbSettings } from "../../platform/DynamoDb.ts"
import type { DatabaseSettings } from "../../platform/engineSettings.ts"
import { optional, readDatabase, readDynamoDb, readRedis, readTables } from "../../platform/engineSettings.ts"
import type { LogSettings } from "../../platform/Logging.ts"
import { type RedisPlace, redisPlace } from "../../platform/redisOptions.ts"
import type { SettingRefused } from "../../platform/settings.ts"
import { readLogging } from "../../platform/settings.ts"

/** What the environment says to the projector. */
export interface ProjectorSettings extends LogSettings {
  readonly database: DatabaseSettings
  readonly redis: RedisPlace
  /** The secret with the user and the password that Redis is come to with, if there is one. */
  readonly redisSecret: string | undefined
  readonly dynamoDb: DynamoDbSettings
  readonly eventsTable: string
}

/** Where a Lambda, to which nobody injects secrets, is told the one for Redis. */
export const redisSecretVariable = "REDIS_PASSWORD_SECRET"

/** Reads and checks all settings. */
export const readProjectorSettings: Effect.Effect<ProjectorSettings, SettingRefused> = Effect.gen(function*() {
  return {
    ...(yield* readLogging),
    database: yield* readDatabase,
    redis: yield* redisPlace(yield* readRedis),
    redisSecret: yield* optional(
      redisSecretVariable,
      Config.NonEmptyString,
      "the ARN of a secret {\"username\", \"password\"}, in place of what REDIS_USERNAME and REDIS_PASSWORD say"
    ),
    dynamoDb: yield* readDynamoDb,
    eventsTable: (yield* readTables).events
  }
})
