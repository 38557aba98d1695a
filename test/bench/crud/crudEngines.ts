import { Effect } from "effect"
import { startPostgres } from "../../../src/programs/stack/engines/postgresServer.ts"
import { startRedisServer } from "../../../src/programs/stack/engines/redisServer.ts"
import { BenchError } from "../BenchError.ts"
import { moveAside, type Pinning } from "../servers/pinning.ts"
import { startIssuer, startTables } from "../stack/commandSide.ts"

/** Engines and an issuer of tokens, for all sides alike; the scope's end stops them. */
export const startCrudEngines = Effect.fn("startCrudEngines")(function*(pinning: Pinning) {
  yield* moveAside(pinning)
  return {
    pinning,
    postgres: yield* startPostgres(),
    redis: yield* startRedisServer(),
    dynamo: yield* startTables,
    issuer: yield* startIssuer
  }
}, Effect.mapError((error) => new BenchError({ message: String(error) })))

export type CrudEngines = Effect.Success<ReturnType<typeof startCrudEngines>>
