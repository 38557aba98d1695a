import { describe } from "@effect/vitest"
import { Clock, Effect, Layer, Redacted } from "effect"
import type { Redis as EffectRedis } from "effect/persistence"
import { Redis } from "ioredis"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"
import * as RedisPlatform from "../../src/platform/Redis.ts"
import type { SettingRefused } from "../../src/platform/settings.ts"
import { type EngineError, freePort } from "../../src/programs/stack/engines/engineProcess.ts"
import { type RedisServerOptions, startRedisServer } from "../../src/programs/stack/engines/redisServer.ts"
import { ask } from "./ask.ts"

/** Describes a suite that needs Redis; where it can't be had, the run has begun by saying so. */
export const describeRedis = (name: string, suite: () => void): void => {
  for (const redis of inject("engines").redis ? ["Redis"] : []) describe(`${name} (${redis})`, () => suite())
}

/** The Redis of this run, which all suites share: nobody may flush it. */
export const sharedRedis = ask("redis")

/** A server of a suite's own. It takes its time to start, whatever clock the suite is under. */
export const startRedis = (options?: RedisServerOptions) =>
  Effect.provideService(startRedisServer(options), Clock.Clock, Clock.Clock.defaultValue())

/** A folder that is gone with the scope. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** The client of a server, or of the cluster that it is of. */
export const clientOf = (url: string, options?: { readonly cluster?: boolean; readonly caFile?: string }) =>
  RedisPlatform.layer({ url: Redacted.make(url), cluster: false, caFile: undefined, ...options })

/** A kind of Redis that the programs run on. */
export interface RedisKind {
  readonly name: "a single server" | "a cluster"
  /** A client of servers of its own, which are gone with the layer. */
  readonly fresh: (
    options?: RedisServerOptions
  ) => Layer.Layer<RedisPlatform.RedisClient | EffectRedis.Redis, EngineError | SettingRefused>
}

/** Waits until there is a connection. */
export const ready = RedisPlatform.RedisClient.use(({ client, isReady }) =>
  Effect.callback<void>((resume) => {
    if (isReady()) return resume(Effect.void)
    client.once("ready", () => resume(Effect.void))
  })
)

const connectedTo = (url: string, cluster: boolean) => {
  const client = clientOf(url, { cluster })
  return Layer.effectDiscard(ready).pipe(Layer.provideMerge(client))
}

export const single: RedisKind = {
  name: "a single server",
  fresh: (options) => Layer.unwrap(Effect.map(startRedis(options), (url) => connectedTo(url, false)))
}

/** A connection to one server, for what is only asked by who sets servers up. */
const administer = (port: number) =>
  Effect.acquireRelease(
    Effect.sync(() => new Redis({ port, host: "127.0.0.1", retryStrategy: () => null })),
    (client) => Effect.sync(() => client.disconnect())
  )

const say = (client: Redis, ...[command, ...words]: readonly [string, ...Array<string | number>]) =>
  Effect.promise(() => client.call(command, ...words))

const startNode = Effect.gen(function*() {
  const [port, bus] = yield* Effect.all([freePort("Redis"), freePort("Redis")])
  const folder = yield* temporaryFolder
  const membership = ["--cluster-enabled", "yes", "--cluster-port", `${bus}`, "--cluster-node-timeout", "1000"]
  // As on AWS: a lost master takes its own slots with it, and no others.
  const coverage = ["--cluster-require-full-coverage", "no"]
  yield* startRedis({ port, folder, settings: [...membership, ...coverage, "--appendonly", "no"] })
  return { port, bus, client: yield* administer(port) }
}).pipe(
  // A port that was free may have been taken, be it by a node that talks to another.
  Effect.retry({ times: 5 })
)

/** Three masters that share the slots, and connections to each. The URL is that of the first. */
export const startCluster = Effect.gen(function*() {
  const nodes = yield* Effect.forEach([0, 1, 2], () => startNode, { concurrency: "unbounded" })
  const slots = [[0, 5460], [5461, 10_922], [10_923, 16_383]] as const
  for (const [index, { client }] of nodes.entries()) {
    const [from, to] = slots[index] ?? [0, 0]
    yield* say(client, "CLUSTER", "ADDSLOTSRANGE", from, to)
    yield* say(client, "CLUSTER", "SET-CONFIG-EPOCH", index + 1)
  }
  const [first] = nodes
  if (first === undefined) return yield* Effect.die(new Error("there are three nodes"))
  for (const { bus, port } of nodes.slice(1)) yield* say(first.client, "CLUSTER", "MEET", "127.0.0.1", port, bus)
  for (const { client } of nodes) {
    yield* Effect.repeat(Effect.all([say(client, "CLUSTER", "INFO"), say(client, "CLUSTER", "SLOTS")]), {
      until: ([info, found]) => `${info}`.includes("cluster_state:ok") && Array.isArray(found) && found.length === 3
    })
  }
  return { url: `redis://127.0.0.1:${first.port}`, nodes: nodes.map(({ client }) => client) }
})

export const cluster: RedisKind = {
  name: "a cluster",
  fresh: () => Layer.unwrap(Effect.map(startCluster, ({ url }) => connectedTo(url, true)))
}

/** Describes a suite once for each kind of Redis. */
export const describeRedisKinds = (name: string, suite: (kind: RedisKind) => void): void => {
  for (const kind of [single, cluster]) describeRedis(`${name} on ${kind.name}`, () => suite(kind))
}
