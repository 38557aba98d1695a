import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { readRedis } from "../../src/platform/engineSettings.ts"
import { redisPlace } from "../../src/platform/redisOptions.ts"

/** Whom the client comes as, where the environment says this. */
const comingAs = (environment: Readonly<Record<string, string>>) =>
  readRedis.pipe(
    Effect.flatMap(redisPlace),
    Effect.map(({ connection: { password, username } }) => ({
      username,
      password: password === undefined ? undefined : Redacted.value(password)
    })),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))
  )

const [plain, full] = ["redis://host:6379", "redis://ana:s3cret%40@host:6379"]

describe("Redis is come to", () => {
  it.effect.each<readonly [Readonly<Record<string, string>>, object]>([
    [{ REDIS_URL: plain }, { username: undefined, password: undefined }],
    [{ REDIS_URL: full }, { username: "ana", password: "s3cret@" }],
    [{ REDIS_URL: plain, REDIS_USERNAME: "query", REDIS_PASSWORD: "p@%41" }, { username: "query", password: "p@%41" }],
    [{ REDIS_URL: plain, REDIS_PASSWORD: "alone" }, { username: undefined, password: "alone" }],
    [{ REDIS_URL: full, REDIS_PASSWORD: "new" }, { username: "ana", password: "new" }],
    // An empty variable is none.
    [{ REDIS_URL: full, REDIS_USERNAME: "", REDIS_PASSWORD: "" }, { username: "ana", password: "s3cret@" }],
    [{ REDIS_URL: full, REDIS_USERNAME: "bob", REDIS_PASSWORD: "new" }, { username: "bob", password: "new" }]
  ])("as the variables say, before what the URL says: %j", ([environment, who]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual<unknown>(yield* comingAs(environment), who)
    }))

  it.effect("by a password that doesn't show", () =>
    Effect.gen(function*() {
      const provider = ConfigProvider.fromUnknown({ REDIS_URL: full, REDIS_PASSWORD: "hidden" })
      const settings = yield* Effect.provideService(readRedis, ConfigProvider.ConfigProvider, provider)
      assert.isTrue(Redacted.isRedacted(settings.password))
      assert.notMatch(JSON.stringify(settings), /hidden|s3cret/)
    }))
})
