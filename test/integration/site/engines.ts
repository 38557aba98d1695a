import { Effect, type Scope } from "effect"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { findDynamoDbLocal, startDynamoDbLocal } from "../../../src/programs/stack/engines/dynamoDbLocal.ts"
import { findDynoxide, startDynoxide } from "../../../src/programs/stack/engines/dynoxide.ts"
import type { EngineError } from "../../../src/programs/stack/engines/engineProcess.ts"
import { startPostgres } from "../../../src/programs/stack/engines/postgresServer.ts"
import { startRedisServer } from "../../../src/programs/stack/engines/redisServer.ts"
import { makeTcpProxy } from "../../support/tcpProxy.ts"
import { familyOf, signal, untilGone } from "./processTable.ts"
import { makeRestartable } from "./restartable.ts"

/** An engine of the site, as it is called in the report. */
export const engineNames = ["PostgreSQL", "Redis", "DynamoDB"] as const
export type EngineName = typeof engineNames[number]

const makeEngine = Effect.fnUntraced(function*(
  start: Effect.Effect<string, EngineError, Scope.Scope>,
  { command, port }: { readonly command: string; readonly port: (port: string) => string }
) {
  const running = yield* makeRestartable(start)
  const place = (url = running.current()) => ({ host: "127.0.0.1", port: Number(new URL(url).port) })
  const target = place()
  // The next start is at another port: the way there stays the same.
  const way = yield* makeTcpProxy(target)
  const pids = Effect.suspend(() => familyOf([command, port(String(target.port))])).pipe(
    Effect.map((family) => family.map(({ pid }) => pid))
  )
  const url = new URL(running.current())
  url.port = String(way.port)
  return {
    /** Where the programs come to it: by the way. */
    url: url.href.replace(/\/$/, ""),
    /** Where it is now. */
    direct: () => running.current(),
    way,
    pids,
    /** Ends all of its processes at once by SIGKILL. */
    kill: Effect.gen(function*() {
      const family = yield* pids
      if (family.length === 0) return yield* Effect.die(new Error(`There is no ${command} to kill`))
      yield* signal(family, "SIGKILL")
      yield* untilGone(family)
    }),
    /** Starts it on the data that it had. */
    restart: Effect.gen(function*() {
      yield* running.restart
      target.port = place().port
    })
  }
})

/** An engine that can be killed, started again, frozen, and reached over a way that can be cut and slowed. */
export type Engine = Effect.Success<ReturnType<typeof makeEngine>>

const folderIn = (folder: string, name: string) => {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  return own
}

const startDynamo = (folder: string) =>
  Effect.gen(function*() {
    const dynoxide = yield* Effect.option(findDynoxide)
    if (dynoxide._tag === "Some") {
      const start = startDynoxide({ folder: folderIn(folder, "dynoxide") })
      return {
        engine: yield* makeEngine(start, { command: "dynoxide", port: (port) => `--port ${port}` }),
        software: "dynoxide"
      }
    }
    yield* findDynamoDbLocal
    const start = startDynamoDbLocal({ folder: folderIn(folder, "dynamodb-local") })
    return {
      engine: yield* makeEngine(start, { command: "DynamoDBLocal", port: (port) => `-port ${port}` }),
      software: "DynamoDB Local"
    }
  })

/** A user of Redis that may do anything: the others are made by it, and kept. */
export interface CacheKeeper {
  readonly user: string
  readonly password: string
}

const startRedis = (folder: string, { password, user }: CacheKeeper) => {
  const own = folderIn(folder, "redis")
  const users = join(own, "users.acl")
  writeFileSync(users, `user default on nopass ~* &* +@all\nuser ${user} on >${password} ~* &* +@all\n`, {
    mode: 0o600
  })
  // As on AWS, its users outlive it.
  return makeEngine(startRedisServer({ folder: own, settings: ["--aclfile", users] }), {
    command: "redis-server",
    port: (port) => `:${port}`
  })
}

/** Starts all engines of the stack, with their data in a folder, and ways to them. */
export const startEngines = Effect.fnUntraced(function*(folder: string, keeper: CacheKeeper) {
  const [postgres, redis, dynamo] = yield* Effect.all([
    makeEngine(startPostgres({ folder: folderIn(folder, "postgres"), passwords: true }), {
      command: "postgres",
      port: (port) => `-p ${port} `
    }),
    startRedis(folder, keeper),
    startDynamo(folder)
  ], { concurrency: "unbounded" })
  const engines: Readonly<Record<EngineName, Engine>> = {
    PostgreSQL: postgres,
    Redis: redis,
    DynamoDB: dynamo.engine
  }
  return { engines, dynamoSoftware: dynamo.software }
})
