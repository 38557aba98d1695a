import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { RedisPlace } from "../../platform/redisOptions.ts"
import { readCredentials } from "../../platform/secrets.ts"
import { QueryCache, QueryCacheUnavailable, timeToLiveSeconds } from "../../queries/QueryCache.ts"
import * as RedisInvalidation from "../../queries/RedisInvalidation.ts"
import { makeRenewable } from "./renewable.ts"
import { redisSecretVariable } from "./settings.ts"

// The password isn't, or is no more, the user's: the secret has another by now, perhaps.
const isRefused = ({ cause }: QueryCacheUnavailable): boolean => /WRONGPASS|NOAUTH/.test(String(cause))

// For as long as what the cache wasn't told is served at most: who waits longer for the secret doesn't serve anything older.
const pause = Duration.seconds(timeToLiveSeconds)

const make = Effect.fnUntraced(function*(redis: RedisPlace, secret: string) {
  const { get: cache, renew } = yield* makeRenewable(
    readCredentials(redisSecretVariable, secret).pipe(
      Effect.flatMap(({ password, username }) => {
        const connection = { ...redis.connection, username, password }
        return Effect.flatMap(
          Effect.scope,
          (scope) => Layer.buildWithScope(RedisInvalidation.layer({ ...redis, connection }), scope)
        )
      }),
      Effect.map(Context.get(QueryCache))
    ),
    pause
  )

  // Read now, for an invalidation has no time for it. Nothing else needs Redis, so the projector starts without it.
  yield* cache.pipe(
    Effect.tapError(({ message }) =>
      Effect.logError(`${message} Until it can, the cache isn't told what has changed.`)
    ),
    Effect.ignore
  )

  const unavailable = (operation: QueryCacheUnavailable["operation"]) =>
    Effect.mapError((cause: unknown) => new QueryCacheUnavailable({ operation, cause }))
  return QueryCache.of({
    read: (picture, key) => Effect.flatMap(unavailable("read")(cache), (cache) => cache.read(picture, key)),
    put: (picture, generation, key, answer) =>
      Effect.flatMap(unavailable("put")(cache), (cache) => cache.put(picture, generation, key, answer)),
    invalidate: (pictures) =>
      Effect.flatMap(unavailable("invalidate")(cache), (cache) => cache.invalidate(pictures)).pipe(
        Effect.tapError((error) => isRefused(error) ? renew : Effect.void)
      )
  })
})

/**
 * The cache of the projector's Lambda, which only forgets: as the user of a secret, where there is one.
 *
 * The secret is read at the start, and again after a read that failed or after Redis refused the password, one time in 30
 * seconds: neither an outage of Secrets Manager nor a rotation stays in a warm container, and neither is made worse.
 */
export const forgetfulCache = (
  { redis, redisSecret }: { readonly redis: RedisPlace; readonly redisSecret: string | undefined }
): Layer.Layer<QueryCache> =>
  redisSecret === undefined ? RedisInvalidation.layer(redis) : Layer.effect(QueryCache, make(redis, redisSecret))
