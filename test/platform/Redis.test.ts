import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Logger, Queue, Redacted } from "effect"
import { RateLimiter, Redis } from "effect/persistence"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { RedisClient } from "../../src/platform/Redis.ts"
import * as RedisPlatform from "../../src/platform/Redis.ts"
import {
  clientOf,
  describeRedis,
  describeRedisKinds,
  ready,
  sharedRedis,
  startRedis,
  temporaryFolder
} from "../engines/redis.ts"
import { makeCertificates } from "../support/certificates.ts"
import { makeTcpProxy } from "../support/tcpProxy.ts"

const ping = RedisPlatform.RedisClient.use(({ client }) => Effect.promise(() => client.call("PING")))

/** Why there is no connection, as the log says it; the log of the first outage ends the waiting. */
const refusal = <E>(client: Layer.Layer<RedisClient | Redis.Redis, E>) =>
  Effect.gen(function*() {
    const said = yield* Queue.unbounded<string>()
    const logger = Logger.make(({ message }) => Queue.offerUnsafe(said, String(message)))
    return yield* Queue.take(said).pipe(Effect.provide(client.pipe(Layer.provide(Logger.layer([logger])))))
  })

const limiter = RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreRedis({ prefix: "limits:" })))

describeRedisKinds("Effect's Redis over ioredis", (kind) => {
  it.layer(limiter.pipe(Layer.provideMerge(kind.fresh())))((it) => {
    it.effect.each(["fixed-window", "token-bucket"] as const)(
      "limits rates, as a %s",
      (algorithm) =>
        Effect.gen(function*() {
          const { consume } = yield* RateLimiter.RateLimiter
          const options = {
            algorithm,
            key: `{alice-${algorithm}}`,
            limit: 2,
            window: "1 hour",
            onExceeded: "fail"
          } as const
          yield* consume(options)
          assert.strictEqual((yield* consume(options)).remaining, 0)
          assert.strictEqual((yield* Effect.flip(consume(options))).reason._tag, "RateLimitExceeded")
          yield* consume({ ...options, key: `{bob-${algorithm}}` })
        })
    )

    it.effect("hears what is published on a channel", () =>
      Effect.gen(function*() {
        const redis = yield* Redis.Redis
        const messages = yield* redis.subscribe("news")
        // A subscription begins in its own time; what is published before goes to nobody.
        yield* Effect.repeat(redis.send<number>("PUBLISH", "news", "first"), { until: (heard) => heard > 0 })
        assert.deepStrictEqual(yield* Queue.take(messages), { channel: "news", message: "first" })
      }))

    it.effect("lends connections on which a command may wait while others go on", () =>
      Effect.gen(function*() {
        const redis = yield* Redis.Redis
        const waiting = redis.reserve.pipe(
          Effect.flatMap((connection) => connection.send("BLPOP", "{jobs}", "0")),
          Effect.scoped
        )
        const meanwhile = redis.send("SET", "{jobs}:other", "done").pipe(
          Effect.andThen(redis.send("RPUSH", "{jobs}", "work"))
        )
        const [job] = yield* Effect.all([waiting, meanwhile], { concurrency: 2 })
        assert.deepStrictEqual(job, ["{jobs}", "work"])
      }))
  })
})

describeRedis("The connection to Redis", () => {
  it.effect("is built while there is no server, fails commands at once, and finds the server when it comes", () =>
    Effect.gen(function*() {
      const proxy = yield* makeTcpProxy({ host: "127.0.0.1", port: Number(new URL(yield* sharedRedis).port) })
      yield* proxy.cut
      yield* Effect.gen(function*() {
        const { client, isReady } = yield* RedisPlatform.RedisClient
        assert.isFalse(isReady())
        assert.isTrue(Exit.isFailure(yield* Effect.exit(Effect.tryPromise(() => client.call("PING")))))
        yield* proxy.mend
        yield* ready
        assert.strictEqual(yield* ping, "PONG")
      }).pipe(Effect.provide(clientOf(`redis://127.0.0.1:${proxy.port}`)))
    }))

  it.effect("says once that Redis is gone and once that it is back, however often it was tried", () =>
    Effect.gen(function*() {
      const proxy = yield* makeTcpProxy({ host: "127.0.0.1", port: Number(new URL(yield* sharedRedis).port) })
      const said: Array<string> = []
      const logger = Logger.make(({ logLevel }) => said.push(logLevel))
      yield* Effect.gen(function*() {
        const { client } = yield* RedisPlatform.RedisClient
        yield* ready
        yield* proxy.cut
        const attempts = Effect.callback<void>((resume) => {
          let tries = 0
          client.on("reconnecting", () => {
            tries += 1
            if (tries === 3) resume(Effect.void)
          })
        })
        yield* attempts
        yield* proxy.mend
        yield* ready
        assert.deepStrictEqual(said, ["Warn", "Info"])
      }).pipe(
        Effect.provide(clientOf(`redis://127.0.0.1:${proxy.port}`).pipe(Layer.provide(Logger.layer([logger]))))
      )
    }))

  it.effect("is encrypted for rediss, to a server whose certificate comes from the given authority", () =>
    Effect.gen(function*() {
      const { authority, certificate, key, otherAuthority } = yield* makeCertificates
      const url = yield* startRedis({ tls: { certificate, key } })
      const trusting = clientOf(url, { caFile: authority })
      assert.strictEqual(yield* Effect.andThen(ready, ping).pipe(Effect.provide(trusting)), "PONG")
      assert.match(yield* refusal(clientOf(url, { caFile: otherAuthority })), /certificate/)
      assert.match(yield* refusal(clientOf(url)), /certificate/)
      // The same server by a name that its certificate isn't for.
      const misnamed = url.replace("127.0.0.1", "localhost")
      assert.match(yield* refusal(clientOf(misnamed, { caFile: authority })), /ERR_TLS_CERT_ALTNAME_INVALID|altnames/)
    }))

  it.effect("is made as the user of the URL, who may do what the server's ACL says", () =>
    Effect.gen(function*() {
      const url = yield* startRedis({
        settings: ["--user", "default", "off", "--user", "reader", "on", ">s3cret@/", "~marginalia:*", "+@all"]
      })
      const as = (user: string) => clientOf(url.replace("redis://", `redis://${user}@`))
      yield* Effect.gen(function*() {
        yield* ready
        const { client } = yield* RedisPlatform.RedisClient
        assert.strictEqual(yield* Effect.promise(() => client.set("marginalia:x", "1")), "OK")
        const denied = yield* Effect.flip(Effect.tryPromise(() => client.set("other", "1")))
        assert.include(String(denied.cause), "NOPERM")
      }).pipe(Effect.provide(as("reader:s3cret%40%2F")))
      assert.match(yield* refusal(as("reader:wrong")), /WRONGPASS/)
    }))

  it.effect("is refused with a sentence when its settings can't be used", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const garbage = join(folder, "garbage.pem")
      writeFileSync(garbage, "no certificate")
      const url = Redacted.make("rediss://127.0.0.1:1")
      const build = (settings: Partial<Parameters<typeof RedisPlatform.layer>[0]>) =>
        Effect.flip(
          Effect.scoped(Layer.build(RedisPlatform.layer({ url, cluster: false, caFile: undefined, ...settings })))
        )
      for (const caFile of [garbage, join(folder, "missing.pem")]) {
        assert.match((yield* build({ caFile })).message, /^REDIS_CA_FILE must name a file/)
      }
      const secret = Redacted.make("redis://user:s3cret@127.0.0.1/not-a-number")
      const refused = yield* build({ url: secret })
      assert.match(refused.message, /^REDIS_URL must be/)
      assert.notInclude(refused.message, "s3cret")
    }))
})
