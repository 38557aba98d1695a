import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import { HttpServer } from "effect/http"
import { readCommandServiceSettings } from "../../src/platform/CommandServiceSettings.ts"
import { commandService } from "../../src/programs/command-service.ts"
import { Management } from "../../src/programs/service/Management.ts"
import { describeRedis, sharedRedis } from "../engines/redis.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { newPicture, post } from "../http/comments.ts"
import { assertLeft, assertTooMany } from "../http/limits.ts"
import { newUser } from "../http/people.ts"
import { get } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { patience } from "./program.ts"
import { makeIssuer } from "./services.ts"

type Issuer = Effect.Success<typeof makeIssuer>

/** A task of the command service, in this process: nothing that is asked of it gets as far as DynamoDB. */
const startTask = Effect.fnUntraced(function*(issuer: Issuer, limits: Readonly<Record<string, string>>) {
  const settings = yield* readCommandServiceSettings.pipe(
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({
        ...issuer.settings,
        PORT: "0",
        MANAGEMENT_PORT: "0",
        LOG_LEVEL: "none",
        ...limits,
        AWS_REGION: "eu-central-1",
        DYNAMODB_ENDPOINT: "http://127.0.0.1:1",
        SHUTDOWN_TIMEOUT: "1 second"
      })
    )
  )
  const running = yield* Layer.build(commandService(settings))
  const { address } = Context.get(running, HttpServer.HttpServer)
  const port = address._tag === "UnixPathAddress" ? 0 : address.port
  return {
    task: Target.of({ url: `http://127.0.0.1:${port}`, token: issuer.sign }),
    management: Target.of({ url: Context.get(running, Management).url, token: issuer.sign })
  }
})

// Whoever lacks the scope is counted, and goes no further.
const attempt = (user: string) => post(newPicture(), user, "text", { scope: "" })

describeRedis("Tasks of a service", () => {
  it.live("that share a Redis limit a caller together, and each tells so in its metrics", () =>
    Effect.gen(function*() {
      const [issuer, redis, user] = [yield* makeIssuer, yield* sharedRedis, newUser()]
      const limits = { REDIS_URL: redis, RATE_LIMIT_COMMANDS: "5 per 1 hour" }
      const [one, other] = [yield* startTask(issuer, limits), yield* startTask(issuer, limits)]
      // The first time each task asks Redis, it may take its time to connect: then a caller isn't counted.
      for (const { task } of [one, other]) {
        yield* Effect.provideService(attempt(newUser()), Target, task).pipe(
          Effect.repeat({ until: ({ headers }) => headers["ratelimit"] !== undefined })
        )
      }
      for (const [index, { task }] of [one, other, one, other, one].entries()) {
        const reply = yield* Effect.provideService(attempt(user), Target, task)
        assertLeft(assertStatus(reply, 403), "commands", 4 - index)
      }
      for (const { management, task } of [one, other]) {
        assertTooMany(yield* Effect.provideService(attempt(user), Target, task), "commands")
        const { text } = yield* Effect.provideService(get("/metrics"), Target, management)
        assert.match(text, /^rate_limited_requests_total\{policy="commands"\} [1-9]\d*$/m)
      }
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
