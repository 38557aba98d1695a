import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type { Redis } from "effect/persistence/Redis"
import { BucketsUnavailable, keepRateLimits, takeFrom } from "./keepRateLimits.ts"
import { RateLimits } from "./RateLimits.ts"
import type { RateLimitSettings } from "./rateLimitSettings.ts"
import { RedisClient } from "./Redis.ts"
import { makePatience } from "./RedisPatience.ts"

/** What all of Redis' keys of limits begin with. */
export const keyPrefix = "limits:"

/** How long Redis may take, in milliseconds. 50, if left out. */
export interface RedisRateLimitsOptions {
  readonly timeLimit?: number
}

const make = Effect.fnUntraced(function*(settings: RateLimitSettings, { timeLimit = 50 }: RedisRateLimitsOptions) {
  const limiter = yield* RateLimiter.RateLimiter
  const { ask } = yield* makePatience(yield* RedisClient, timeLimit)
  const run = Effect.runPromiseWith(yield* Effect.context<never>())
  return yield* keepRateLimits(
    settings,
    (options) =>
      Effect.tryPromise({
        try: () => ask(() => run(takeFrom(limiter, options))),
        catch: (cause) => cause instanceof BucketsUnavailable ? cause : new BucketsUnavailable({ cause })
      })
  )
})

/**
 * Limits that all programs share which are on one Redis: effect's `RateLimiter`, one script of one round trip.
 *
 * While Redis is down or silent, or refuses, nobody is limited, and nobody waits longer than for the cache. That this program
 * was too busy to read an answer in time isn't Redis' silence. What Redis has lost, by eviction, flush or failover, begins
 * anew with full buckets. The time is that of the programs: one whose clock is ahead gives tokens early, and none twice.
 */
export const layer = (
  settings: RateLimitSettings,
  options: RedisRateLimitsOptions = {}
): Layer.Layer<RateLimits, never, RedisClient | Redis> =>
  Layer.effect(RateLimits, make(settings, options)).pipe(
    Layer.provide(RateLimiter.layer),
    Layer.provide([RateLimiter.layerStoreRedis({ prefix: keyPrefix }), CircuitBreaker.layerStoreMemory()])
  )
