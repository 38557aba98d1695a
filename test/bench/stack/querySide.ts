import { Array as Arr, Effect, Layer, Redacted } from "effect"
import { fileURLToPath } from "node:url"
import type { EncodedCommit } from "../../../src/events/Commit.ts"
import * as MemoryEventStore from "../../../src/events/MemoryEventStore.ts"
import { migrate } from "../../../src/platform/migrate.ts"
import * as Postgres from "../../../src/platform/Postgres.ts"
import { startPostgres } from "../../../src/programs/stack/engines/postgresServer.ts"
import { startRedisServer } from "../../../src/programs/stack/engines/redisServer.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import * as MemoryQueryCache from "../../../src/queries/MemoryQueryCache.ts"
import { readModelMigrations } from "../../../src/queries/migrations.ts"
import { BenchError } from "../BenchError.ts"
import { moveAside, type Pinning } from "../servers/pinning.ts"
import { profiling } from "../servers/profiling.ts"
import { startServer } from "../servers/startServer.ts"
import { wideLimits } from "../servers/wideLimits.ts"
import { startIssuer } from "./commandSide.ts"

const program = fileURLToPath(new URL("../../../src/programs/query-service.ts", import.meta.url))

const batchSize = 500

/** Fills a read model that the query service is then asked for. */
export const fillReadModel = (postgres: string, commits: ReadonlyArray<EncodedCommit>) =>
  Effect.gen(function*() {
    yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
    const { project } = yield* Projector
    yield* Effect.forEach(Arr.chunksOf(commits, batchSize), project, { discard: true })
  }).pipe(
    Effect.provide(
      Projector.layer.pipe(
        Layer.provide([MemoryEventStore.layer, MemoryQueryCache.layer()]),
        Layer.provideMerge(
          Postgres.layer({ url: Redacted.make(postgres), applicationName: "marginalia-bench", maxConnections: 1 })
        )
      )
    )
  )

/** What the query service runs on, each on 127.0.0.1. */
export interface QueryEngines {
  readonly postgres: string
  readonly redis: string
  readonly issuer: Effect.Success<typeof startIssuer>
}

/** Starts the query service as its container does. */
export const startQueryServiceOn = (
  { issuer, postgres, redis }: QueryEngines,
  pinning: Pinning,
  profiles?: string
) =>
  startServer({
    name: "The query service",
    prefix: pinning.prefix("server"),
    nodeArguments: [...profiling(profiles), program],
    environment: {
      ...issuer.settings,
      ...wideLimits,
      LOG_LEVEL: "warn",
      MANAGEMENT_PORT: "0",
      DATABASE_URL: postgres,
      REDIS_URL: redis,
      SHUTDOWN_TIMEOUT: "1 second"
    },
    readyStatus: 404
  })

/** Starts the query service on engines of its own, with these commits projected. */
export const startQueryService = Effect.fn("startQueryService")(
  function*(pinning: Pinning, commits: ReadonlyArray<EncodedCommit>, profiles?: string) {
    yield* moveAside(pinning)
    const engines = { postgres: yield* startPostgres(), redis: yield* startRedisServer(), issuer: yield* startIssuer }
    yield* fillReadModel(engines.postgres, commits)
    const service = yield* startQueryServiceOn(engines, pinning, profiles)
    const { issuer, postgres, redis } = engines
    return { ...service, tokens: issuer.url, engines: { postgres, redis } }
  },
  Effect.mapError((error) => error instanceof BenchError ? error : new BenchError({ message: String(error) }))
)
