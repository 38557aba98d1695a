import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import { keepRateLimits, takeFrom } from "./keepRateLimits.ts"
import { RateLimits } from "./RateLimits.ts"
import type { RateLimitSettings } from "./rateLimitSettings.ts"
import { TokenBuckets } from "./TokenBuckets.ts"

/** How many callers are remembered: some 20 MB of them. */
const maxBuckets = 100_000

// Effect's own store in memory, but for the buckets, of which it never forgets one.
const store = Layer.effect(
  RateLimiter.RateLimiterStore,
  Effect.map(RateLimiter.RateLimiterStore, (effects) => {
    const buckets = new TokenBuckets(maxBuckets)
    return RateLimiter.RateLimiterStore.of({
      ...effects,
      tokenBucket: ({ refillRate, ...take }) =>
        Effect.clockWith((clock) =>
          Effect.sync(() =>
            buckets.take({ ...take, refillMillis: Duration.toMillis(refillRate) }, clock.currentTimeMillisUnsafe())
          )
        )
    })
  })
).pipe(Layer.provide(RateLimiter.layerStoreMemory))

/** Limits that are kept in this process's memory: for the one process that serves all there is. */
export const layer = (settings: RateLimitSettings): Layer.Layer<RateLimits> =>
  Layer.effect(
    RateLimits,
    Effect.flatMap(
      RateLimiter.RateLimiter,
      (limiter) => keepRateLimits(settings, (options) => takeFrom(limiter, options))
    )
  ).pipe(Layer.provide(RateLimiter.layer), Layer.provide(store))
