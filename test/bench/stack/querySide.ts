import { Effect, Layer, Redacted } from "effect"
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
import { startServer } from "../servers/startServer.ts"
import { wideLimits } from "../servers/wideLimits.ts"
import { startIssuer } from "./commandSide.ts"

const program = fileURLToPath(new URL("../../../src/programs/query-service.ts", import.meta.url))

/** Fills a read model that the query service is then asked for. */
const fill = (postgres: string, commits: ReadonlyArray<EncodedCommit>) =>
  Effect.gen(function*() {
    yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
    const { project } = yield* Projector
    yield* project(commits)
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

/** Starts the query service as its container does, on engines of its own, with these commits projected. */
export const startQueryService = Effect.fn("startQueryService")(
  function*(pinning: Pinning, commits: ReadonlyArray<EncodedCommit>) {
    yield* moveAside(pinning)
    const postgres = yield* startPostgres()
    const redis = yield* startRedisServer()
    yield* fill(postgres, commits)
    const issuer = yield* startIssuer
    const service = yield* startServer({
      name: "The query service",
      prefix: pinning.prefix("server"),
      nodeArguments: [program],
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
    return { ...service, tokens: issuer.url, engines: { postgres, redis } }
  },
  Effect.mapError((error) => error instanceof BenchError ? error : new BenchError({ message: String(error) }))
)
