import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"
import type { OutgoingHttpHeaders } from "node:http"
import { readCommandServiceSettings } from "../../src/platform/CommandServiceSettings.ts"
import { readQueryServiceSettings } from "../../src/platform/QueryServiceSettings.ts"
import { commandService } from "../../src/programs/command-service.ts"
import { queryService } from "../../src/programs/query-service.ts"
import { Management } from "../../src/programs/service/Management.ts"
import { makePostgresDatabase } from "../engines/databases.ts"
import { describeRedis, sharedRedis } from "../engines/redis.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { newPicture, post } from "../http/comments.ts"
import type { Reply } from "../http/exchange.ts"
import { assertTooMany, from, newAddress, postWith, quotaIn } from "../http/limits.ts"
import { newUser } from "../http/people.ts"
import { get, pageUrl } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { patience } from "./program.ts"
import { makeIssuer } from "./services.ts"

type Issuer = Effect.Success<typeof makeIssuer>

const settingsOf = (issuer: Issuer, own: Readonly<Record<string, string>>) =>
  Effect.provideService(
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown({
      ...issuer.settings,
      PORT: "0",
      MANAGEMENT_PORT: "0",
      LOG_LEVEL: "none",
      SHUTDOWN_TIMEOUT: "1 second",
      ...own
    })
  )

const targetOf = (issuer: Issuer, running: Context.Context<HttpServer.HttpServer>) => {
  const { address } = Context.get(running, HttpServer.HttpServer)
  const port = address._tag === "UnixPathAddress" ? 0 : address.port
  return Target.of({ url: `http://127.0.0.1:${port}`, token: issuer.sign })
}

/** A task of the command service, in this process: nothing that is asked of it gets as far as DynamoDB. */
const startTask = Effect.fnUntraced(function*(issuer: Issuer, limits: Readonly<Record<string, string>>) {
  const settings = yield* readCommandServiceSettings.pipe(
    settingsOf(issuer, { ...limits, AWS_REGION: "eu-central-1", DYNAMODB_ENDPOINT: "http://127.0.0.1:1" })
  )
  const running = yield* Layer.build(commandService(settings))
  return {
    task: targetOf(issuer, running),
    management: Target.of({ url: Context.get(running, Management).url, token: issuer.sign })
  }
})

// Whoever lacks the scope is counted, and goes no further.
const attempt = (user: string) => post(newPicture(), user, "text", { scope: "" })

// While a task has yet to connect to Redis, or where Redis is slow on a busy machine, a caller isn't counted.
const counted = <E, R>(ask: Effect.Effect<Reply, E, R>) =>
  Effect.repeat(ask, { until: (reply) => quotaIn(reply) !== undefined })

/** Asks from one address until that is too much, and once from another, which isn't told so. */
const asFromTwoAddresses = Effect.fnUntraced(function*(ask: (headers: OutgoingHttpHeaders) => ReturnType<typeof get>) {
  yield* Effect.repeat(ask(from(newAddress())), { until: ({ status }) => status === 429 })
  const { status } = yield* counted(ask(from(newAddress())))
  assert.notStrictEqual(status, 429)
})

describeRedis("Tasks of a service", () => {
  it.live("that share a Redis limit a caller together, and each tells so in its metrics", () =>
    Effect.gen(function*() {
      const [issuer, redis, user] = [yield* makeIssuer, yield* sharedRedis, newUser()]
      const limits = { REDIS_URL: redis, RATE_LIMIT_COMMANDS: "5 per 1 hour", CLIENT_ADDRESS_HEADER: "x-client-ip" }
      const [one, other] = [yield* startTask(issuer, limits), yield* startTask(issuer, limits)]
      let left = 5
      for (const { task } of [one, other, one, other, one]) {
        const reply = yield* Effect.provideService(counted(attempt(user)), Target, task)
        const { r = left } = quotaIn(reply) ?? {}
        // Where nobody could count in time on a busy machine, what was asked may have been taken all the same.
        assert.isTrue(r < left || reply.status === 429)
        left = r
      }
      assert.strictEqual(left, 0)
      for (const { management, task } of [one, other]) {
        assertTooMany(yield* Effect.provideService(counted(attempt(user)), Target, task), "commands")
        const { text } = yield* Effect.provideService(get("/metrics"), Target, management)
        assert.match(text, /^rate_limited_requests_total\{policy="commands"\} [1-9]\d*$/m)
      }
      yield* Effect.provideService(asFromTwoAddresses(postWith), Target, one.task)
    }), patience)
})

describeRedis("The query service", () => {
  it.live("counts for the address that the trusted header tells", () =>
    Effect.gen(function*() {
      const [issuer, redis, database] = [yield* makeIssuer, yield* sharedRedis, yield* makePostgresDatabase]
      const settings = yield* readQueryServiceSettings.pipe(
        settingsOf(issuer, {
          DATABASE_URL: Redacted.value(database),
          REDIS_URL: redis,
          RATE_LIMIT_QUERIES: "5 per 1 hour",
          CLIENT_ADDRESS_HEADER: "x-client-ip"
        })
      )
      const target = targetOf(issuer, yield* Layer.build(queryService(settings)))
      // What can't be read is counted, and goes no further.
      const ask = (headers: OutgoingHttpHeaders) => get(pageUrl(newPicture(), "?limit=0"), headers)
      yield* Effect.provideService(asFromTwoAddresses(ask), Target, target)
    }), patience)
})

describe("A command service that limits nobody", () => {
  it.live("needs no Redis", () =>
    Effect.gen(function*() {
      const issuer = yield* makeIssuer
      const { management, task } = yield* startTask(issuer, { RATE_LIMIT_COMMANDS: "off" })
      const reply = yield* Effect.provideService(attempt(newUser()), Target, task)
      assert.isUndefined(assertStatus(reply, 403).headers["ratelimit"])
      assertStatus(yield* Effect.provideService(get("/health/live"), Target, management), 200)
      const { message } = yield* Effect.flip(startTask(issuer, {}))
      assert.match(message, /^REDIS_URL must be the URL of a Redis server/)
    }), patience)
})
