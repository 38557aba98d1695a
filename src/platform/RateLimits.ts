import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { RateLimit } from "./rateLimitSettings.ts"

/** What is counted: each has a bucket of its own for every caller. */
export type RateLimitPolicy = "commands" | "queries"

/** Where a caller stands. */
export interface Quota {
  readonly policy: RateLimitPolicy
  readonly limit: RateLimit
  /** How many more may come at once. */
  readonly remaining: number
  /** The time until there is one more than that. */
  readonly moreAfter: Duration.Duration
}

/** Whether a caller may go on. */
export type Allowance = Data.TaggedEnum<{
  Granted: { readonly quota: Quota }
  /** Nothing was taken; there is enough after this time. */
  Refused: { readonly quota: Quota; readonly retryAfter: Duration.Duration }
  /** There is no limit, or nobody can tell at present where the caller stands: it goes on. */
  Uncounted: {}
}>
export const Allowance = Data.taggedEnum<Allowance>()

/**
 * How much each caller may still ask for. Buckets are shared by all programs on one Redis, and none is ever waited for: what
 * can't be told within some tens of milliseconds is granted, counted and logged.
 */
export class RateLimits extends Context.Service<RateLimits, {
  /** Takes one from the caller's bucket, unless it is empty. */
  spend(policy: RateLimitPolicy, who: string): Effect.Effect<Allowance>

  /**
   * Takes what something has cost beyond what was spent for it, be it more than there is: then the caller waits until that
   * is made up for. Never refused, for it is done already.
   */
  charge(policy: RateLimitPolicy, who: string, tokens: number): Effect.Effect<Allowance>
}>()("marginalia/platform/RateLimits") {
  /** For servers that clients don't reach, or that have nothing to limit. */
  static readonly layerUnlimited = Layer.succeed(RateLimits, {
    spend: () => Effect.succeed(Allowance.Uncounted()),
    charge: () => Effect.succeed(Allowance.Uncounted())
  })
}
