import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect, Redacted } from "effect"
import { readStreamPollerSettings } from "../../src/platform/StreamPollerSettings.ts"

const required = { DATABASE_URL: "postgres://marginalia@localhost/marginalia", REDIS_URL: "redis://localhost" }

const read = (environment: Readonly<Record<string, string>>) =>
  Effect.provideService(
    readStreamPollerSettings,
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown({ ...required, ...environment })
  )

describe("The stream poller's settings", () => {
  it.effect("have a default each, but for where the read model and the cache are", () =>
    Effect.gen(function*() {
      const settings = yield* read({})
      assert.deepInclude(settings, {
        management: { host: "127.0.0.1", port: 9083 },
        tables: { events: "marginalia-events", inbox: "marginalia-inbox" },
        dynamoDb: {}
      })
      assert.deepStrictEqual(settings.pollInterval, Duration.millis(200))
      assert.strictEqual(Redacted.value(settings.database.url), required.DATABASE_URL)
    }))

  it.effect("take a poll interval from 10 milliseconds to a minute", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* read({ POLL_INTERVAL: "50 millis" })).pollInterval, Duration.millis(50))
      for (const wrong of ["1 milli", "2 minutes", "often", "-1 seconds"]) {
        const { variable } = yield* Effect.flip(read({ POLL_INTERVAL: wrong }))
        assert.strictEqual(variable, "POLL_INTERVAL")
      }
    }))
})
