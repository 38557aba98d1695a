import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Cluster, type Redis } from "ioredis"
import { PictureId } from "../../src/domain/ids.ts"
import { RedisClient } from "../../src/platform/Redis.ts"
import { redisPlace } from "../../src/platform/redisOptions.ts"
import { startRedisServer } from "../../src/programs/stack/engines/redisServer.ts"
import { EntryKey, QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisInvalidation from "../../src/queries/RedisInvalidation.ts"
import { slotKey } from "../../src/queries/slotKey.ts"
import { clientOf, cluster, describeRedis, describeRedisKinds } from "../engines/redis.ts"
import { makeTcpProxy } from "../support/tcpProxy.ts"

// A machine that is busy with other suites is no silent Redis.
const unhurried = 10_000

const layerAt = (url: string, longestSilence = unhurried) =>
  Layer.unwrap(
    Effect.map(
      redisPlace({ url: Redacted.make(url), cluster: false, caFile: undefined }),
      (place) => RedisInvalidation.layer(place, longestSilence)
    )
  )

const urlOf = (client: Redis | Cluster): string => {
  const [node] = client instanceof Cluster ? client.nodes("master") : [client]
  return `redis://127.0.0.1:${node?.options.port}`
}

const pictures = Array.from({ length: 50 }, (_, n) => PictureId.make(`picture-${n}`))

const invalidate = (pictures: ReadonlyArray<PictureId>) => QueryCache.use((cache) => cache.invalidate(pictures))

// A client that has just begun to connect fails fast.
const put = (pictures: ReadonlyArray<PictureId>) =>
  RedisClient.use(({ client }) =>
    Effect.eventually(
      Effect.tryPromise(() => Promise.all(pictures.map((picture) => client.hset(slotKey(picture), "generation", "g"))))
    )
  )

const kept = RedisClient.use(({ client }) =>
  Effect.map(
    Effect.promise(() => Promise.all(pictures.map((picture) => client.exists(slotKey(picture))))),
    (found) => found.filter((exists) => exists === 1).length
  )
)

describeRedisKinds("The cache that only forgets", (kind) => {
  const layer = Layer.unwrap(RedisClient.use(({ client }) => Effect.succeed(layerAt(urlOf(client)))))

  it.layer(layer.pipe(Layer.provideMerge(kind.fresh())), { excludeTestServices: true })((it) => {
    it.effect("forgets these pictures and no others, wherever they lie", () =>
      Effect.gen(function*() {
        yield* put(pictures)
        yield* invalidate(pictures.slice(0, 20))
        assert.strictEqual(yield* kept, 30)
        yield* invalidate(pictures)
        assert.strictEqual(yield* kept, 0)
      }))

    it.effect("forgets what isn't there", () => Effect.andThen(invalidate(pictures), invalidate([])))

    it.effect("does nothing else", () =>
      Effect.gen(function*() {
        const cache = yield* QueryCache
        const [picture] = pictures
        assert(picture !== undefined)
        const error = yield* Effect.flip(Effect.asVoid(cache.read(picture, EntryKey.make("newest 20"))))
        assert.strictEqual(error.operation, "read")
      }))
  })
})

describeRedis("The cache that only forgets", () => {
  it.layer(cluster.fresh(), { excludeTestServices: true })((it) => {
    it.effect("finds a picture whose slot is being moved", () =>
      Effect.gen(function*() {
        const { client } = yield* RedisClient
        const [picture] = pictures
        assert(picture !== undefined && client instanceof Cluster)
        const key = slotKey(picture)
        const said = Effect.fnUntraced(function*(node: Redis, ...[name, ...words]: [string, ...Array<string>]) {
          return String(yield* Effect.promise(() => node.call(name, ...words)))
        })
        const masters = client.nodes("master")
        const slot = yield* said(masters[0] ?? assert.fail(), "CLUSTER", "KEYSLOT", key)
        yield* put([picture])
        const owning = yield* Effect.forEach(masters, (node) =>
          Effect.isSuccess(Effect.tryPromise(() => node.exists(key))))
        const from = masters[owning.indexOf(true)] ?? assert.fail()
        const to = masters[owning.indexOf(false)] ?? assert.fail()
        yield* said(from, "UNLINK", key)
        yield* said(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", yield* said(from, "CLUSTER", "MYID"))
        yield* said(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", yield* said(to, "CLUSTER", "MYID"))
        const asking = (name: string, ...words: ReadonlyArray<string>) =>
          Effect.map(
            Effect.promise(() =>
              to.pipeline([["asking"], [name, key, ...words]]).exec()
            ),
            (replies) => replies?.[1]?.[1]
          )
        yield* asking("set", "moved")
        assert.deepStrictEqual(yield* asking("exists"), 1)
        yield* Effect.provide(invalidate([picture]), layerAt(urlOf(client)))
        assert.deepStrictEqual(yield* asking("exists"), 0)
      }))
  })

  it.live("says who it is, and chooses its database", () =>
    Effect.gen(function*() {
      const server = yield* startRedisServer()
      const url = server.replace("127.0.0.1", "projector:p%2540ss@127.0.0.1") + "/3"
      const picture = PictureId.make("sunset-42")
      const rules = ["on", ">p%40ss", "~*", "+unlink", "+select"]
      yield* Effect.gen(function*() {
        const { client } = yield* RedisClient
        yield* put([picture])
        yield* Effect.promise(() => client.call("ACL", "SETUSER", "projector", ...rules))
        yield* Effect.provide(invalidate([picture]), layerAt(url))
        assert.strictEqual(yield* Effect.promise(() => client.exists(slotKey(picture))), 0)
      }).pipe(Effect.provide(clientOf(`${server}/3`)))
      const wrong = yield* Effect.flip(Effect.provide(invalidate([picture]), layerAt(url.replace("p%2540ss", "wrong"))))
      assert.match(String(wrong.cause), /WRONGPASS/)
    }).pipe(Effect.scoped))

  it.live("lets go of a server that refuses, for its name may lead to another by now", () =>
    Effect.gen(function*() {
      const server = yield* startRedisServer()
      const picture = [PictureId.make("sunset-42")]
      yield* Effect.gen(function*() {
        const { client } = yield* RedisClient
        yield* put(picture)
        const say = (...[name, ...words]: readonly [string, ...Array<string>]) =>
          Effect.map(Effect.promise(() => client.call(name, ...words)), String)
        const connections = Effect.map(
          say("INFO", "stats"),
          (text) => /total_connections_received:(\d+)/.exec(text)?.[1]
        )
        yield* invalidate(picture)
        yield* say("REPLICAOF", "127.0.0.1", "1")
        const before = yield* connections
        assert.match(String((yield* Effect.flip(invalidate(picture))).cause), /READONLY/)
        yield* say("REPLICAOF", "NO", "ONE")
        yield* invalidate(picture)
        assert.strictEqual(Number(yield* connections), Number(before) + 1)
      }).pipe(Effect.provide([clientOf(server), layerAt(server)]))
    }).pipe(Effect.scoped))

  it.live("fails while Redis is gone or silent, and goes on over a new connection once it is back", () =>
    Effect.gen(function*() {
      const { port } = new URL(yield* startRedisServer())
      const proxy = yield* makeTcpProxy({ host: "127.0.0.1", port: Number(port) })
      const picture = [PictureId.make("sunset-42")]
      yield* Effect.gen(function*() {
        yield* invalidate(picture)
        yield* proxy.cut
        assert.strictEqual((yield* Effect.flip(invalidate(picture))).operation, "invalidate")
        yield* proxy.mend
        yield* invalidate(picture)
        yield* proxy.hush
        assert.match(String((yield* Effect.flip(invalidate(picture))).cause), /doesn't answer/)
        yield* proxy.mend
        yield* invalidate(picture)
      }).pipe(Effect.provide(layerAt(`redis://127.0.0.1:${proxy.port}`, 1000)))
    }).pipe(Effect.scoped))
})
