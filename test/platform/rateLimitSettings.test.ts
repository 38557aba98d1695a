import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect } from "effect"
import { readRateLimits } from "../../src/platform/rateLimitSettings.ts"

const read = (environment: Readonly<Record<string, string>>) =>
  Effect.provideService(readRateLimits, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))

describe("Settings of rate limits", () => {
  it.effect("have defaults that a person who posts 100 comments in a burst never meets", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read({}), {
        commands: { burst: 10_000, window: Duration.hours(1) },
        queries: { burst: 60_000, window: Duration.minutes(10) }
      })
    }))

  it.effect.each<readonly [string, object | null]>([
    ["1 per 1 second", { burst: 1, window: Duration.seconds(1) }],
    ["20 per 90 seconds", { burst: 20, window: Duration.seconds(90) }],
    ["1000000 per 1 day", { burst: 1_000_000, window: Duration.days(1) }],
    ["off", null]
  ])("understand %j", ([text, limit]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual<unknown>(yield* read({ RATE_LIMIT_COMMANDS: text, RATE_LIMIT_QUERIES: text }), {
        commands: limit,
        queries: limit
      })
    }))

  it.effect("refuse what can't be meant, by a sentence that names the variable and shows how it is written", () =>
    Effect.gen(function*() {
      const wrong = [
        "10",
        "10 per",
        "per 1 hour",
        "0 per 1 hour",
        "-1 per 1 hour",
        "1.5 per 1 hour",
        "1000001 per 1 hour",
        "10 per hour",
        "10 per 0 seconds",
        "10 per 1500 millis",
        "10 per 2 days",
        "10 per 1 fortnight",
        "10 per Infinity",
        "10/hour",
        "Off",
        "none"
      ]
      for (const variable of ["RATE_LIMIT_COMMANDS", "RATE_LIMIT_QUERIES"]) {
        for (const text of wrong) {
          const refusal = yield* Effect.flip(read({ [variable]: text }))
          assert.strictEqual(refusal.variable, variable, text)
          assert.match(refusal.message, new RegExp(`^${variable} must be .+ per .+ or off for no limit\\.$`))
        }
      }
    }))
})
