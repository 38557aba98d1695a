import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as RateLimiter from "effect/persistence/RateLimiter"
import * as Schema from "effect/Schema"
import { hash } from "node:crypto"
import { begin, limitedRequests, rateLimitFailures } from "./rateLimitMetrics.ts"
import { Allowance, type Quota, type RateLimitPolicy, RateLimits } from "./RateLimits.ts"
import type { RateLimit, RateLimitSettings } from "./rateLimitSettings.ts"

type Consume = RateLimiter.RateLimiter["consume"]

/** Where the buckets are nobody answers. */
export class BucketsUnavailable extends Schema.TaggedError<BucketsUnavailable>()("BucketsUnavailable", {
  cause: Schema.Defect()
}) {}

/** What comes of taking from a bucket. */
export type Taken = RateLimiter.ConsumeResult | RateLimiter.RateLimitExceeded

/** Takes from a bucket: that it has too little is an answer, too. */
export const takeFrom = (
  { consume }: RateLimiter.RateLimiter,
  options: Parameters<Consume>[0]
): Effect.Effect<Taken, BucketsUnavailable> =>
  consume(options).pipe(
    Effect.catchReason("RateLimiterError", "RateLimitExceeded", Effect.succeed<Taken>),
    Effect.mapError((cause) => new BucketsUnavailable({ cause }))
  )

// What would be said of each request is said of all that come within this time.
const warningInterval = Duration.toMillis(Duration.seconds(30))

/**
 * A caller's bucket. No name of anybody is kept, and the braces put all that belongs to a bucket on one server of a cluster.
 * Another limit is another bucket: nobody has more than it, or less, because of what held before.
 */
const bucketOf = (policy: RateLimitPolicy, who: string, { burst, window }: RateLimit): string =>
  `{${hash("sha256", who, "base64url")}}:${policy}:${burst}/${Duration.toSeconds(window)}`

// All are back one by one: before the last of them there is one more than now, or one at all where there is a debt.
const quotaLeft = (policy: RateLimitPolicy, limit: RateLimit, taken: RateLimiter.ConsumeResult): Quota => {
  const remaining = Math.max(0, taken.remaining)
  const others = Duration.millis(
    (Duration.toMillis(limit.window) * Math.max(0, limit.burst - remaining - 1)) / limit.burst
  )
  return {
    policy,
    limit,
    remaining,
    moreAfter: Duration.max(Duration.zero, Duration.subtract(taken.resetAfter, others))
  }
}

const quotaOf = (policy: RateLimitPolicy, limit: RateLimit, taken: Taken): Quota =>
  "resetAfter" in taken ? quotaLeft(policy, limit, taken) : { policy, limit, remaining: 0, moreAfter: taken.retryAfter }

/** Keeps limits in buckets that are somewhere: `take` may fail, limits don't. */
export const keepRateLimits = Effect.fnUntraced(function*(
  settings: RateLimitSettings,
  take: (options: Parameters<Consume>[0]) => Effect.Effect<Taken, BucketsUnavailable>
) {
  let isOut = false
  let warnedAt = Number.NEGATIVE_INFINITY
  yield* begin

  const goesOn = Effect.fnUntraced(function*({ cause }: BucketsUnavailable) {
    yield* Metric.update(rateLimitFailures, 1)
    if (isOut) return Allowance.Uncounted()
    isOut = true
    const now = yield* Clock.currentTimeMillis
    if (Math.abs(now - warnedAt) >= warningInterval) {
      warnedAt = now
      yield* Effect.logWarning("nobody can tell how much callers have asked for: none is limited", cause)
    }
    return Allowance.Uncounted()
  })

  const told = (policy: RateLimitPolicy, limit: RateLimit, taken: Taken) =>
    Effect.suspend((): Effect.Effect<Allowance> => {
      isOut = false
      const quota = quotaOf(policy, limit, taken)
      if ("resetAfter" in taken) return Effect.succeed(Allowance.Granted({ quota }))
      const refused = Allowance.Refused({ quota, retryAfter: taken.retryAfter })
      return Effect.as(Metric.update(limitedRequests[policy], 1), refused)
    })

  const from = (policy: RateLimitPolicy, who: string, tokens: number, onExceeded: "fail" | "delay") => {
    const limit = settings[policy]
    if (limit === null) return Effect.succeed(Allowance.Uncounted())
    const { burst, window } = limit
    const key = bucketOf(policy, who, limit)
    return Effect.matchEffect(take({ algorithm: "token-bucket", limit: burst, window, key, tokens, onExceeded }), {
      onFailure: goesOn,
      onSuccess: (taken) => told(policy, limit, taken)
    })
  }

  return RateLimits.of({
    spend: (policy, who) => from(policy, who, 1, "fail"),
    charge: (policy, who, tokens) => from(policy, who, tokens, "delay")
  })
})
