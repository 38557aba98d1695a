import { Config, Console, Effect, Exit, Option, Result, Scope } from "effect"
import type { TestProject } from "vitest/node"
import { findDynamoDbLocal } from "../../src/programs/stack/engines/dynamoDbLocal.ts"
import { findDynoxide } from "../../src/programs/stack/engines/dynoxide.ts"
import type { EngineError } from "../../src/programs/stack/engines/engineProcess.ts"
import { findPostgres } from "../../src/programs/stack/engines/postgresBinaries.ts"
import { findRedisServer } from "../../src/programs/stack/engines/redisServer.ts"
import { serveEngines } from "./engineBroker.ts"
import { useMemoryFolder } from "./memoryFolder.ts"

declare module "vitest" {
  export interface ProvidedContext {
    readonly engines: {
      /** Where suites ask for an engine; see `serveEngines`. */
      readonly address: string
      /** Whether PostgreSQL can be had; where it can't, its suites are skipped. */
      readonly postgres: boolean
      /** Likewise dynoxide. */
      readonly dynoxide: boolean
      /** Likewise DynamoDB Local. */
      readonly dynamoDbLocal: boolean
      /** Likewise Redis. */
      readonly redis: boolean
    }
  }
}

/** Says loudly that suites will be skipped for want of an engine; on a build server, that fails the run instead. */
const findEngine = Effect.fnUntraced(function*(find: Effect.Effect<unknown, EngineError>) {
  const found = yield* Effect.result(find)
  if (Result.isSuccess(found)) return true
  const buildServer = yield* Config.option(Config.NonEmptyString("CI"))
  if (Option.isSome(buildServer)) return yield* found.failure
  yield* Console.error(`\n${found.failure.message}\nThe suites that need it are SKIPPED.\n`)
  return false
})

/** A database that runs already is as good as one that can be started. */
const findDatabase = Effect.flatMap(
  Config.option(Config.NonEmptyString("DATABASE_URL")),
  (given) => Option.isSome(given) ? Effect.succeed(true) : findEngine(findPostgres)
)

/** Offers the engines to a run of the tests, and ends those that were started when the run is over. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const scope = Scope.makeUnsafe()
  const end = () => Effect.runPromise(Scope.close(scope, Exit.void))
  return Effect.runPromise(
    Effect.gen(function*() {
      yield* useMemoryFolder
      const postgres = yield* findDatabase
      const dynoxide = yield* findEngine(findDynoxide)
      const dynamoDbLocal = yield* findEngine(findDynamoDbLocal)
      const redis = yield* findEngine(findRedisServer)
      project.provide("engines", { address: yield* serveEngines, postgres, dynoxide, dynamoDbLocal, redis })
      return end
    }).pipe(Scope.provide(scope))
  )
}
