import * as Effect from "effect/Effect"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { findDynamoDbLocal, startDynamoDbLocal } from "./engines/dynamoDbLocal.ts"
import { findDynoxide, startDynoxide } from "./engines/dynoxide.ts"
import { startPostgres } from "./engines/postgresServer.ts"
import { findRedisServer, startRedisServer } from "./engines/redisServer.ts"
import { Parts } from "./Parts.ts"

/** Where the stack's engines are. */
export interface Engines {
  /** Of a user who may do anything. */
  readonly postgres: string
  readonly dynamoDb: string
  readonly redis: string
}

/** A folder for an engine to keep its data in, or none where nothing is kept. */
const folderIn = (dataDirectory: string, name: string): string | undefined => {
  if (dataDirectory === "memory") return undefined
  const folder = join(dataDirectory, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** What speaks DynamoDB's protocol here: the smaller one, where it can be had. */
const startDynamoDb = Effect.fnUntraced(function*(dataDirectory: string) {
  const { started } = yield* Parts
  // What one of them has kept, the other can't read.
  const dynoxide = yield* Effect.option(findDynoxide)
  if (dynoxide._tag === "Some") {
    return yield* started("dynoxide", startDynoxide({ folder: folderIn(dataDirectory, "dynoxide") }))
  }
  yield* findDynamoDbLocal
  return yield* started("DynamoDB Local", startDynamoDbLocal({ folder: folderIn(dataDirectory, "dynamodb-local") }))
})

/** Starts all engines that the services need, each of them private to this stack. */
export const startEngines = Effect.fnUntraced(function*(dataDirectory: string) {
  const { started } = yield* Parts
  // Before anything is started it is said what is missing.
  yield* findRedisServer
  const engines: Engines = yield* Effect.all({
    postgres: started(
      "PostgreSQL",
      startPostgres({ folder: folderIn(dataDirectory, "postgres"), passwords: true })
    ),
    dynamoDb: startDynamoDb(dataDirectory),
    redis: started("Redis", startRedisServer({ folder: folderIn(dataDirectory, "redis") }))
  }, { concurrency: "unbounded" })
  return engines
})
