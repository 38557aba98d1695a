import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AnswerHeaders, browserHeaders } from "../api/handlers/answerHeaders.ts"
import { ClientAddressHeader } from "../api/handlers/clientAddress.ts"
import { sharedHotPages } from "../api/handlers/hotPages.ts"
import { Draining } from "../platform/Draining.ts"
import * as Logging from "../platform/Logging.ts"
import * as Postgres from "../platform/Postgres.ts"
import { type QueryServiceSettings, readQueryServiceSettings } from "../platform/QueryServiceSettings.ts"
import * as Redis from "../platform/Redis.ts"
import * as RedisRateLimits from "../platform/RedisRateLimits.ts"
import { CommentQueries } from "../queries/CommentQueries.ts"
import * as GuardedReadModel from "../queries/guardedReadModel.ts"
import { PositionWaiter } from "../queries/PositionWaiter.ts"
import * as PostgresReadModel from "../queries/PostgresReadModel.ts"
import * as RedisQueryCache from "../queries/RedisQueryCache.ts"
import { measuring } from "./query-service/measuring.ts"
import { identity } from "./service/identity.ts"
import { Management } from "./service/Management.ts"
import { queryHttp } from "./service/queryHttp.ts"
import { postgresReadiness } from "./service/readiness.ts"
import { listening } from "./service/server.ts"
import { runMain, serveUntilTold } from "./service/service.ts"
import { tracing } from "./service/tracing.ts"

/** The query service: HTTP -> the cache in Redis -> on a miss, or after a wait for a position, the read model in Postgres. */
export const queryService = (settings: QueryServiceSettings) => {
  const { clientAddressHeader, database, management, rateLimits, redis, shutdownTimeout, tokens } = settings
  const readModel = GuardedReadModel.layer.pipe(Layer.provide(PostgresReadModel.layer))
  const connection = Redis.layer(redis)
  const cache = RedisQueryCache.layer().pipe(Layer.provide(connection))
  const limits = RedisRateLimits.layer(rateLimits).pipe(Layer.provide(connection))
  const queries = Layer.merge(CommentQueries.layer, PositionWaiter.layer(settings)).pipe(
    Layer.provide([readModel, cache])
  )

  const server = Layer.unwrap(Effect.map(sharedHotPages, (lane) => listening(settings, lane)))

  return queryHttp.pipe(
    Layer.provide(Layer.succeed(ClientAddressHeader, clientAddressHeader)),
    Layer.provideMerge(server),
    Layer.provide(Layer.succeed(AnswerHeaders, browserHeaders(settings))),
    Layer.provide([queries, cache]),
    Layer.merge(measuring),
    Layer.provideMerge(Management.layer({ ...management, shutdownTimeout })),
    // Without Redis it serves all the same: it isn't asked about here.
    Layer.provide([identity(tokens), limits, postgresReadiness]),
    Layer.provideMerge(Draining.layer),
    Layer.provide(Postgres.layerOf(database, "marginalia-query-service", { readOnly: true })),
    Layer.provide([Logging.layer(settings), tracing("marginalia-query-service", settings.tracing)])
  )
}

const program = Effect.flatMap(
  readQueryServiceSettings,
  (settings) => serveUntilTold("query service", settings.host, queryService(settings))
)

if (import.meta.main) runMain({ name: "query service", settings: readQueryServiceSettings, run: program })
