import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { readCommandServiceSettings } from "../../../src/platform/CommandServiceSettings.ts"
import { readQueryServiceSettings } from "../../../src/platform/QueryServiceSettings.ts"
import { readStackSettings } from "../../../src/platform/StackSettings.ts"
import { serviceSettings } from "../../../src/programs/stack/serviceSettings.ts"

const readFrom = <A, E>(read: Effect.Effect<A, E>, environment: Readonly<Record<string, string>>) =>
  Effect.provideService(read, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))

const engines = { DATABASE_URL: "postgres://host/database", REDIS_URL: "redis://host" }

describe("The services of the local stack", () => {
  it.effect.each<Readonly<Record<string, string>>>([
    {},
    {
      RATE_LIMIT_COMMANDS: "5 per 90 seconds",
      RATE_LIMIT_QUERIES: "off",
      CORS_ALLOWED_ORIGINS: "https://example.org,http://localhost:3000",
      HSTS_MAX_AGE: "365 days"
    },
    { RATE_LIMIT_QUERIES: "7 per 1 minute", CORS_ALLOWED_ORIGINS: "*", HSTS_MAX_AGE: "0 seconds" }
  ])("keep what the stack is told of limits and browsers: %j", (environment) =>
    Effect.gen(function*() {
      const { corsAllowedOrigins, hstsMaxAge, rateLimits } = yield* readFrom(readStackSettings, environment)
      const told = { corsAllowedOrigins, hstsMaxAge, rateLimits }
      const said = { ...serviceSettings(told, "http://127.0.0.1:1/keys"), ...engines }
      assert.deepInclude(yield* readFrom(readCommandServiceSettings, said), told)
      assert.deepInclude(yield* readFrom(readQueryServiceSettings, said), told)
    }))
})
