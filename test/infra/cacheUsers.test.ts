import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { RateLimiter } from "effect/persistence"
import type { Redis } from "ioredis"
import { PictureId } from "../../src/domain/ids.ts"
import * as RedisPlatform from "../../src/platform/Redis.ts"
import { redisPlace } from "../../src/platform/redisOptions.ts"
import { EntryKey, maxEntriesPerPicture, QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisInvalidation from "../../src/queries/RedisInvalidation.ts"
import * as RedisQueryCache from "../../src/queries/RedisQueryCache.ts"
import { SharedAnswers } from "../../src/queries/SharedAnswers.ts"
import { slotKey } from "../../src/queries/slotKey.ts"
import { describeRedis, ready, startCluster } from "../engines/redis.ts"
import { accessOf, commandsOf } from "./cacheUsers.ts"

/** A cluster with the users of the template, as its superuser sees it. */
class Servers extends Context.Service<Servers, { readonly url: string; readonly nodes: ReadonlyArray<Redis> }>()(
  "marginalia/test/infra/cacheUsers/Servers"
) {}

const password = "of all of them"

const say = (node: Redis, command: string, ...words: ReadonlyArray<string | number>) =>
  Effect.promise(() => node.call(command, ...words))

const servers = Layer.effect(
  Servers,
  Effect.gen(function*() {
    const { nodes, url } = yield* startCluster
    for (const node of nodes) {
      for (const [user, words] of accessOf) {
        // The one who gives no name is the suite itself here.
        const name = user === "default" ? "nobody" : user
        yield* say(node, "ACL", "SETUSER", name, "reset", ...words, `>${password}`)
      }
    }
    return { url, nodes }
  })
)

// To come in is allowed to everybody; the others are the suite's own.
const free = new Set([
  "auth",
  "hello",
  "quit",
  "acl|log",
  "config|resetstat",
  "cluster|keyslot",
  "cluster|myid",
  "cluster|setslot"
])

const namesIn = (statistics: string) =>
  [...statistics.matchAll(/^cmdstat_(\S+?):calls=[1-9]/gm)].map(([, name = ""]) => name).filter((name) =>
    !free.has(name)
  )

/** The commands that the nodes ran for something, those of scripts among them, and whether they refused any. */
const commandsRun = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const { nodes } = yield* Servers
  yield* Effect.forEach(
    nodes,
    (node) => Effect.andThen(say(node, "ACL", "LOG", "RESET"), say(node, "CONFIG", "RESETSTAT"))
  )
  yield* effect
  // Its own call is not yet among what it tells.
  const told = yield* Effect.forEach(nodes, (node) => say(node, "INFO", "commandstats"))
  const refusals = yield* Effect.forEach(nodes, (node) => say(node, "ACL", "LOG"))
  return {
    run: Array.from(new Set(told.flatMap((text) => namesIn(String(text))))).toSorted(),
    refused: refusals.flat()
  }
})

const settingsOf = (url: string, username: string) => ({
  url: Redacted.make(url),
  username,
  password: Redacted.make(password),
  cluster: true,
  caFile: undefined
})

/** The client of a program, as its user. */
const clientOf = (user: string) =>
  Layer.unwrap(Servers.use(({ url }) => {
    const client = RedisPlatform.layer(settingsOf(url, user))
    return Effect.succeed(Layer.effectDiscard(ready).pipe(Layer.provideMerge(client)))
  }))

const pictures = Array.from({ length: 20 }, (_, n) => PictureId.make(`picture-${n}`))
const [picture] = pictures
assert(picture !== undefined)
const answer = { body: new TextEncoder().encode("{}"), etag: "\"1\"", nextCursor: null }

const limits = Effect.gen(function*() {
  const { consume } = yield* RateLimiter.RateLimiter
  for (const algorithm of ["fixed-window", "token-bucket"] as const) {
    const options = { algorithm, key: `{ana-${algorithm}}`, limit: 1, window: "1 hour", onExceeded: "fail" } as const
    yield* consume(options)
    assert.strictEqual((yield* Effect.flip(consume(options))).reason._tag, "RateLimitExceeded")
  }
}).pipe(
  Effect.provide(
    RateLimiter.layer.pipe(
      Layer.provide(RateLimiter.layerStoreRedis({ prefix: "limits:" })),
      Layer.provide(clientOf("command"))
    )
  )
)

const pages = Effect.gen(function*() {
  const cache = yield* QueryCache
  const { find } = yield* SharedAnswers
  for (let entry = 0; entry <= maxEntriesPerPicture; entry++) {
    const key = EntryKey.make(`page-${entry}`)
    const { generation } = yield* cache.read(picture, key)
    assert.isTrue(yield* cache.put(picture, generation, key, answer))
    assert.strictEqual((yield* cache.read(picture, key))._tag, "Hit")
    assert.isDefined(yield* Effect.promise(() => find(picture, key)))
  }
}).pipe(Effect.provide(RedisQueryCache.layer({ timeLimit: 10_000 }).pipe(Layer.provide(clientOf("query")))))

/** Makes the slot of a key move from its node to another one, until the scope ends. */
const beginMoving = Effect.fnUntraced(function*(key: string) {
  const { nodes } = yield* Servers
  const [first] = nodes
  assert(first !== undefined)
  const slot = Number(yield* say(first, "CLUSTER", "KEYSLOT", key))
  const owner = Math.floor(slot / 5461)
  const [from, to] = [nodes[owner], nodes[(owner + 1) % nodes.length]]
  assert(from !== undefined && to !== undefined)
  yield* say(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", String(yield* say(from, "CLUSTER", "MYID")))
  yield* say(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", String(yield* say(to, "CLUSTER", "MYID")))
  yield* Effect.addFinalizer(() =>
    Effect.forEach([from, to], (node) => say(node, "CLUSTER", "SETSLOT", slot, "STABLE"))
  )
})

const forgetting = Effect.gen(function*() {
  const { url } = yield* Servers
  const place = yield* redisPlace(settingsOf(url, "projector"))
  const cache = RedisInvalidation.layer(place, 10_000)
  yield* beginMoving(slotKey(picture))
  // What is gone from its node is looked for where the slot moves to.
  yield* Effect.provide(
    QueryCache.use((cache) => Effect.andThen(cache.invalidate(pictures), cache.invalidate(pictures))),
    cache
  )
}).pipe(Effect.scoped)

// A client that has just begun to connect fails fast.
const cleaning = QueryCache.use((cache) => Effect.eventually(cache.invalidate(pictures))).pipe(
  Effect.provide(RedisQueryCache.layer({ invalidationTimeLimit: 10_000 }).pipe(Layer.provide(clientOf("ops"))))
)

const users = ["command", "query", "projector", "ops"] as const

const work: Readonly<Record<(typeof users)[number], Effect.Effect<void, never, Servers>>> = {
  command: Effect.orDie(limits),
  query: Effect.orDie(pages),
  projector: Effect.orDie(forgetting),
  ops: Effect.orDie(cleaning)
}

describeRedis("The users of the cache", () => {
  it.layer(servers, { excludeTestServices: true })((it) => {
    it("are one for each program, and one for nobody", () => {
      assert.deepStrictEqual([...accessOf.keys()].toSorted(), [...users, "default"].toSorted())
    })

    it.effect.each(users)("may run what their program runs, and nothing else: %s", (user) =>
      Effect.gen(function*() {
        const { refused, run } = yield* commandsRun(work[user])
        assert.deepStrictEqual(refused, [])
        assert.deepStrictEqual(run, commandsOf(accessOf.get(user) ?? []))
      }))

    it.effect("come to no keys but their program's, and nobody to any", () =>
      Effect.gen(function*() {
        const { nodes: [node] } = yield* Servers
        assert(node !== undefined)
        const may = (user: string, ...command: ReadonlyArray<string>) =>
          Effect.map(say(node, "ACL", "DRYRUN", user, ...command), (said) => String(said) === "OK")
        for (
          const [user, key, other] of [
            ["command", "limits:{ana}", slotKey(picture)],
            ["query", slotKey(picture), "limits:{ana}"],
            ["projector", slotKey(picture), "limits:{ana}"],
            ["ops", slotKey(picture), "limits:{ana}"]
          ] as const
        ) {
          const command = { command: "GET", query: "HLEN", projector: "UNLINK", ops: "UNLINK" }[user]
          assert.deepStrictEqual(
            [yield* may(user, command, key), yield* may(user, command, other)],
            [true, false],
            user
          )
        }
        assert.isFalse(yield* may("nobody", "GET", "nothing"))
        assert.include(String(yield* say(node, "ACL", "GETUSER", "nobody")), "off")
      }))
  })
})
