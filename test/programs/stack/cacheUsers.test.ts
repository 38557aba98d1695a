import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cacheAccess, type CacheUsers, makeCacheUsers } from "../../../src/programs/stack/cacheUsers.ts"
import { clientOf, describeRedis, ready, startRedis, temporaryFolder } from "../../engines/redis.ts"
import { caching, forgetting, limiting } from "../../support/cacheWork.ts"

const as = (url: string) => Layer.effectDiscard(ready).pipe(Layer.provideMerge(clientOf(url)))

const works = Effect.fnUntraced(function*({ command, poller, query }: CacheUsers) {
  yield* Effect.provide(limiting, as(command))
  yield* Effect.provide(Effect.andThen(caching, limiting), as(query))
  yield* Effect.provide(forgetting, as(poller))
})

/** What a server answers to who gives no name. */
const answered = (server: string, command: string) =>
  Effect.callback<string>((resume) => {
    const socket = connect(Number(new URL(server).port), "127.0.0.1", () => socket.write(`${command}\r\n`))
    socket.setEncoding("utf8").once("data", (text) => {
      resume(Effect.succeed(String(text).trim()))
      socket.destroy()
    })
  })

/** The users that docker-compose.yml gives its Redis, where nobody says which passwords. */
const usersInCompose = () => {
  const text = readFileSync(fileURLToPath(new URL("../../../docker-compose.yml", import.meta.url)), "utf8")
  const [, said = ""] = /^ {2}cache-users:\n {4}content: \|\n((?: {6}.+\n)+)/m.exec(text) ?? []
  return said.replaceAll(/^ {6}/gm, "").replaceAll(/\$\{\w+:-(\w+)\}/g, "$1")
}

describeRedis("The users of the local stack's Redis", () => {
  it.live("do their programs' work, each its own, and nobody comes without a name", () =>
    Effect.gen(function*() {
      const server = yield* startRedis()
      assert.strictEqual(yield* answered(server, "PING"), "+PONG")
      yield* works(yield* makeCacheUsers(server))
      for (const command of ["PING", "GET limits:x", "FLUSHALL", "AUTH default x"]) {
        assert.match(yield* answered(server, command), /^-(?:NOAUTH|WRONGPASS)/, command)
      }
    }))

  it.live("are the same in containers, where whoever gives no name may ask whether the server lives", () =>
    Effect.gen(function*() {
      const file = join(yield* temporaryFolder, "users.acl")
      const users = usersInCompose()
      writeFileSync(file, users)
      const server = yield* startRedis({ settings: ["--aclfile", file] })
      const named = (user: string) => server.replace("://", `://${user}:${user}@`)
      yield* works({ command: named("command"), query: named("query"), poller: named("poller") })
      assert.strictEqual(yield* answered(server, "PING"), "+PONG")
      for (const command of ["GET limits:x", "INFO", "FLUSHALL"]) {
        assert.match(yield* answered(server, command), /^-NOPERM/, command)
      }
      const said = [...users.matchAll(/^user (\w+) on >\w+ (.+)$/gm)].map(([, user, words]) => [user, words])
      assert.deepStrictEqual(Object.fromEntries(said), cacheAccess)
    }))
})
