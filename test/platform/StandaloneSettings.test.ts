import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect } from "effect"
import { readStandaloneSettings } from "../../src/platform/StandaloneSettings.ts"

const read = (environment: Readonly<Record<string, string>>) =>
  Effect.provideService(readStandaloneSettings, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))

describe("The standalone program's settings", () => {
  it.effect("have a default each", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read({}), {
        host: "127.0.0.1",
        port: 8080,
        dataDirectory: ".data",
        logLevel: "Info",
        logFormat: "json",
        cacheBytes: 64 * 1024 * 1024,
        maxWaiters: 1000,
        maxWaitersPerCaller: 100,
        clientAddressHeader: null,
        corsAllowedOrigins: [],
        hstsMaxAge: undefined,
        rateLimits: {
          commands: { burst: 10_000, window: Duration.hours(1) },
          queries: { burst: 60_000, window: Duration.minutes(10) }
        },
        shutdownTimeout: Duration.seconds(20)
      })
    }))

  it.effect("come from the environment", () =>
    Effect.gen(function*() {
      const settings = yield* read({
        HOST: "::1",
        PORT: "0",
        DATA_DIR: "memory",
        LOG_LEVEL: "warn",
        LOG_FORMAT: "logfmt",
        CACHE_SIZE: "1MiB",
        MAX_WAITERS: "7",
        MAX_WAITERS_PER_CALLER: "3",
        CLIENT_ADDRESS_HEADER: "X-Real-IP",
        CORS_ALLOWED_ORIGINS: "https://example.org",
        HSTS_MAX_AGE: "1 day",
        RATE_LIMIT_COMMANDS: "5 per 1 minute",
        RATE_LIMIT_QUERIES: "off",
        SHUTDOWN_TIMEOUT: "3 seconds"
      })
      assert.deepStrictEqual(settings, {
        host: "::1",
        port: 0,
        dataDirectory: "memory",
        logLevel: "Warn",
        logFormat: "logfmt",
        cacheBytes: 1024 * 1024,
        maxWaiters: 7,
        maxWaitersPerCaller: 3,
        clientAddressHeader: "x-real-ip",
        corsAllowedOrigins: ["https://example.org"],
        hstsMaxAge: Duration.days(1),
        rateLimits: { commands: { burst: 5, window: Duration.minutes(1) }, queries: null },
        shutdownTimeout: Duration.seconds(3)
      })
    }))

  it.effect("are refused by a sentence that names the variable and keeps the value to itself", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<readonly [variable: string, values: ReadonlyArray<string>]> = [
        ["HOST", ["a b", "http://localhost", "x".repeat(254)]],
        ["PORT", ["abc", "-1", "65536", "80.5", "80x", "NaN", "Infinity"]],
        ["LOG_LEVEL", ["loud", "INFO", "7"]],
        ["LOG_FORMAT", ["xml", "JSON"]],
        ["CACHE_SIZE", ["big", "-1", "1 furlong"]],
        ["MAX_WAITERS", ["-1", "1.5", "many", "1000001"]],
        ["MAX_WAITERS_PER_CALLER", ["-1", "1.5", "many"]],
        ["CLIENT_ADDRESS_HEADER", ["x client ip", "x-client-ip:", "caf\u00e9", "x".repeat(65)]],
        ["SHUTDOWN_TIMEOUT", ["soon", "20 parsecs"]]
      ]
      for (const [variable, values] of wrong) {
        for (const value of values) {
          const refused = yield* Effect.flip(read({ [variable]: value }))
          assert.strictEqual(refused.variable, variable)
          assert.match(refused.message, new RegExp(`^${variable} must be [^\\n]+\\.$`))
          assert.notInclude(refused.message.split("must be")[1], value.length > 3 ? value : "\u0000")
        }
      }
    }))
})
