import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, type Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { randomUUID } from "node:crypto"
import { type Allowance, type Quota, RateLimits } from "../../src/platform/RateLimits.ts"

/** What the layers under test are given: a command comes back each 10 seconds, a query each 300 ms. */
export const contractLimits = {
  commands: { burst: 5, window: Duration.seconds(50) },
  queries: { burst: 10, window: Duration.seconds(3) }
}

/** Somebody who has asked for nothing yet. */
export const newCaller = (): string => `user:${randomUUID()}`

export const spend = (who: string, policy: "commands" | "queries" = "commands") =>
  RateLimits.use((limits) => limits.spend(policy, who))

const grantedQuota = (allowance: Allowance): Quota =>
  allowance._tag === "Granted" ? allowance.quota : assert.fail(`granted was expected, not ${allowance._tag}`)

const refusal = (allowance: Allowance) =>
  allowance._tag === "Refused" ? allowance : assert.fail(`refused was expected, not ${allowance._tag}`)

const spendAll = (who: string) => Effect.repeat(spend(who), { until: ({ _tag }) => _tag === "Refused", times: 20 })

/** What somebody does: lets so many milliseconds pass, then asks so often. */
const Steps = Schema.Array(
  Schema.Struct({
    pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2000 })),
    requests: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))
  })
).check(Schema.isMaxLength(8))

/** What every layer of the limits promises. It is given `contractLimits`, and a clock that tests set. */
export const rateLimitsContract = <E>(name: string, layer: Layer.Layer<RateLimits, E>, runs: number): void => {
  describe(`${name} keep the contract of limits`, () => {
    it.layer(layer)((it) => {
      it.effect("grant a burst, telling what is left and when all of it is back, and refuse what comes after it", () =>
        Effect.gen(function*() {
          const who = newCaller()
          for (const remaining of [4, 3, 2, 1, 0]) {
            const quota = grantedQuota(yield* spend(who))
            assert.deepInclude(quota, { policy: "commands", limit: contractLimits.commands, remaining })
            assert.strictEqual(Duration.toSeconds(quota.moreAfter), 10)
          }
          const { quota, retryAfter } = refusal(yield* spend(who))
          assert.strictEqual(quota.remaining, 0)
          assert.strictEqual(Duration.toSeconds(quota.moreAfter), 10)
          assert.strictEqual(Duration.toSeconds(retryAfter), 10)
          yield* TestClock.adjust(quota.limit.window)
          assert.strictEqual(grantedQuota(yield* spend(who)).remaining, 4)
        }))

      it.effect("refill evenly: one more after the time that was told, none before it, and never more than at first", () =>
        Effect.gen(function*() {
          const who = newCaller()
          yield* spendAll(who)
          yield* TestClock.adjust("4 seconds")
          const { quota, retryAfter } = refusal(yield* spend(who))
          assert.strictEqual(Duration.toSeconds(retryAfter), 6)
          assert.strictEqual(Duration.toSeconds(quota.moreAfter), 6)
          yield* TestClock.adjust("5999 millis")
          refusal(yield* spend(who))
          yield* TestClock.adjust("1 millis")
          assert.strictEqual(grantedQuota(yield* spend(who)).remaining, 0)
          refusal(yield* spend(who))
          yield* TestClock.adjust("20 seconds")
          assert.strictEqual(grantedQuota(yield* spend(who)).remaining, 1)
          yield* TestClock.adjust("3 seconds")
          const later = grantedQuota(yield* spend(who))
          assert.deepStrictEqual([later.remaining, Duration.toSeconds(later.moreAfter)], [0, 7])
          yield* TestClock.adjust("1 day")
          assert.strictEqual(grantedQuota(yield* spend(who)).remaining, 4)
        }))

      it.effect("keep callers apart, and what one caller asks for of each kind", () =>
        Effect.gen(function*() {
          const who = newCaller()
          yield* spendAll(who)
          assert.strictEqual(grantedQuota(yield* spend(newCaller())).remaining, 4)
          assert.strictEqual(grantedQuota(yield* spend(who, "queries")).remaining, 9)
        }))

      it.effect("grant no more than there is, however many ask at once", () =>
        Effect.gen(function*() {
          const who = newCaller()
          const answers = yield* Effect.all(Array.from({ length: 40 }, () => spend(who)), { concurrency: "unbounded" })
          assert.lengthOf(answers.filter(({ _tag }) => _tag === "Granted"), 5)
          assert.lengthOf(answers.filter(({ _tag }) => _tag === "Refused"), 35)
        }))

      it.effect("let what was done cost more than there is, and its caller wait until that is made up for", () =>
        Effect.gen(function*() {
          const { charge } = yield* RateLimits
          const who = newCaller()
          yield* spend(who)
          assert.strictEqual(grantedQuota(yield* charge("commands", who, 2)).remaining, 2)
          const quota = grantedQuota(yield* charge("commands", who, 5))
          assert.strictEqual(quota.remaining, 0)
          assert.strictEqual(Duration.toSeconds(quota.moreAfter), 40)
          const refused = refusal(yield* spend(who))
          assert.strictEqual(Duration.toSeconds(refused.retryAfter), 40)
          assert.strictEqual(Duration.toSeconds(refused.quota.moreAfter), 40)
          yield* TestClock.adjust("40 seconds")
          grantedQuota(yield* spend(who))
        }))

      it.effect.prop(
        "never grant more in any time than the burst and what came back meanwhile, and what they refuse, they grant in time",
        { steps: Steps },
        ({ steps }) =>
          Effect.gen(function*() {
            const who = newCaller()
            const granted: Array<number> = []
            for (const { pause, requests } of steps) {
              yield* TestClock.adjust(pause)
              for (let left = requests; left > 0; left--) {
                const allowance = yield* spend(who, "queries")
                if (allowance._tag === "Granted") granted.push(yield* Clock.currentTimeMillis)
              }
            }
            for (const [first, from] of granted.entries()) {
              for (const [last, to] of granted.entries()) {
                if (last >= first) assert.isAtMost(last - first + 1, 10 + Math.floor((to - from) / 300))
              }
            }
            yield* Effect.repeat(spend(who, "queries"), { until: ({ _tag }) => _tag === "Refused", times: 20 })
            const { retryAfter } = refusal(yield* spend(who, "queries"))
            yield* TestClock.adjust(retryAfter)
            grantedQuota(yield* spend(who, "queries"))
          }),
        { arbitrary: { runs } }
      )
    })
  })
}
