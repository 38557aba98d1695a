import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as EffectRedis from "effect/persistence/Redis"
import { Cluster, Redis } from "ioredis"
import type { RedisSettings } from "./engineSettings.ts"
import { makeGenericRedis } from "./genericRedis.ts"
import { clusterOptions, type RedisPlace, redisPlace, singleOptions } from "./redisOptions.ts"
import { logOutages } from "./redisOutages.ts"
import type { SettingRefused } from "./settings.ts"

const makeClient = (place: RedisPlace, isCluster: boolean): Redis | Cluster =>
  isCluster
    ? new Cluster([{ host: place.host, port: place.port }], clusterOptions(place))
    : new Redis(singleOptions(place))

/** Begins to connect, and waits for nothing. */
const connected = Effect.fnUntraced(function*(place: RedisPlace, isCluster: boolean) {
  const run = Effect.runForkWith(yield* Effect.context<never>())
  return yield* Effect.acquireRelease(
    Effect.sync(() => {
      const client = makeClient(place, isCluster)
      const outages = logOutages(client, run)
      // It is tried again for ever, and an outage is logged: that the first try failed is no news.
      client.connect().catch(() => {})
      return { client, outages }
    }),
    ({ client, outages }) =>
      Effect.sync(() => {
        outages.end()
        client.disconnect()
      })
  )
})

/**
 * The connection to Redis: to a single server, or to the masters of a cluster.
 *
 * A command fails at once while there is no connection, so nothing piles up.
 */
export class RedisClient extends Context.Service<RedisClient, {
  readonly client: Redis | Cluster
  /** Whether there is a connection, to at least one master of a cluster. */
  readonly isReady: () => boolean
}>()("marginalia/platform/Redis/RedisClient") {}

/**
 * The connection, with effect's own service over it for `RateLimiter` and the like.
 *
 * It begins to connect when it is built, waits for nothing, and reconnects for ever: a program starts and runs while Redis
 * is down. An outage is logged once, not once for each try.
 */
export const layer = (settings: RedisSettings): Layer.Layer<RedisClient | EffectRedis.Redis, SettingRefused> =>
  Layer.effectContext(
    Effect.gen(function*() {
      const { client } = yield* connected(yield* redisPlace(settings), settings.cluster)
      const generic = yield* makeGenericRedis(client)
      return Context.make(RedisClient, { client, isReady: () => client.status === "ready" }).pipe(
        Context.add(EffectRedis.Redis, generic)
      )
    })
  )
