import { Effect } from "effect"
import { startDynoxide } from "../../../src/programs/stack/engines/dynoxide.ts"
import { startPostgres } from "../../../src/programs/stack/engines/postgresServer.ts"
import { startRedisServer } from "../../../src/programs/stack/engines/redisServer.ts"
import { BenchError } from "../BenchError.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import { moveAside, type Pinning } from "./pinning.ts"

/** Starts fresh engines of all kinds, for both sides of a row alike; the scope's end stops them. */
export const startWorkEngines = Effect.fn("startWorkEngines")(function*(pinning: Pinning) {
  yield* moveAside(pinning)
  const engines: WorkEngines = {
    postgres: yield* startPostgres(),
    dynamo: yield* startDynoxide(),
    redis: yield* startRedisServer()
  }
  return engines
}, Effect.mapError(({ message }) => new BenchError({ message })))
