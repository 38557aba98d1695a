import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import type { Redis } from "ioredis"
import * as RedisPlatform from "../../src/platform/Redis.ts"
import { redisPlace } from "../../src/platform/redisOptions.ts"
import { cacheAccess } from "../../src/programs/stack/cacheUsers.ts"
import { QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisInvalidation from "../../src/queries/RedisInvalidation.ts"
import { slotKey } from "../../src/queries/slotKey.ts"
import { describeRedis, ready, startCluster } from "../engines/redis.ts"
import { caching, forgetting, limiting, pictures } from "../support/cacheWork.ts"
import { beyond, beyondAnybody } from "./cacheRefusals.ts"
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

const forgettingByLine = Effect.gen(function*() {
  const [picture] = pictures
  assert(picture !== undefined)
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

/** A connection of a user's to one node. What is forbidden is refused before it is asked whose key it is. */
const asUser = (node: Redis, username: string) =>
  Effect.acquireRelease(
    Effect.sync(() => node.duplicate({ username, password, enableReadyCheck: false })),
    (client) => Effect.sync(() => client.disconnect())
  )

/** What a server says to a command that it doesn't run; nothing to one that it runs. */
const refusalOf = (client: Redis, [command, ...words]: readonly [string, ...Array<string>]) =>
  Effect.promise(() => client.call(command, ...words).then(() => "", String))

const users = ["command", "query", "projector", "ops"] as const

const work: Readonly<Record<(typeof users)[number], Effect.Effect<void, never, Servers>>> = {
  command: limiting.pipe(Effect.provide(clientOf("command")), Effect.orDie),
  query: Effect.all([caching, limiting], { discard: true }).pipe(Effect.provide(clientOf("query")), Effect.orDie),
  projector: Effect.orDie(forgettingByLine),
  ops: forgetting.pipe(Effect.provide(clientOf("ops")), Effect.orDie)
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

    it.effect.each(users)("are refused what is beyond them: %s", (user) =>
      Effect.gen(function*() {
        const { nodes: [node] } = yield* Servers
        assert(node !== undefined)
        const client = yield* asUser(node, user)
        for (const command of [...beyondAnybody, ...beyond[user]]) {
          assert.match(
            yield* refusalOf(client, command),
            /NOPERM|ACL failure in script|The user executing the script can't/,
            command.join(" ")
          )
        }
      }))

    it.effect("are nobody for who gives no name", () =>
      Effect.gen(function*() {
        const { nodes: [node] } = yield* Servers
        assert(node !== undefined)
        assert.notStrictEqual(String(yield* say(node, "ACL", "DRYRUN", "nobody", "GET", "nothing")), "OK")
        assert.include(String(yield* say(node, "ACL", "GETUSER", "nobody")), "off")
      }))
  })

  it("may do in the local stack what they may on AWS", () => {
    const words = (user: string) => (accessOf.get(user) ?? []).filter((word) => word !== "on").toSorted()
    for (const [user, access] of Object.entries(cacheAccess)) {
      assert.deepStrictEqual(access.split(" ").toSorted(), words(user === "poller" ? "ops" : user), user)
    }
  })
})
