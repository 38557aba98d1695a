import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { spawnSync } from "node:child_process"
import { chmodSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { inspect } from "node:util"
import * as Postgres from "../../src/platform/Postgres.ts"
import { stackMachines } from "../engines/stackEngines.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { bearer, commentOf, posted } from "../http/comments.ts"
import { developmentTokens } from "../http/developmentTokens.ts"
import { after, commentUrl, get, historyUrl } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { assertRefused } from "./assertRefused.ts"
import { makeFolder } from "./dataDirectory.ts"
import { patience, run, start } from "./program.ts"
import { refusesConnections } from "./refusesConnections.ts"

const startStack = Effect.fnUntraced(function*(settings: Readonly<Record<string, string>> = {}) {
  const program = yield* start("stack.ts", { PORT: "0", LOG_LEVEL: "none", ...settings })
  const printed = yield* program.printed(/A first comment .*\n/)
  const url = /listens on (http:\S+)/.exec(printed)?.[1] ?? ""
  const parts = new Map(
    Array.from(printed.matchAll(/^(\S+(?: \S+)?) +(\w+:\/\/\S+)$/gm), ([, part = "", at = ""]) => [part, at])
  )
  return { ...program, printed, parts, target: Target.of({ url, token: yield* developmentTokens(url) }) }
})

/** Nobody answers any more where the parts were. */
const allGone = (parts: ReadonlyMap<string, string>) =>
  Effect.forEach(
    parts.values(),
    (url) => Effect.provideService(refusesConnections, Target, Target.of({ url, token: () => Effect.succeed("") })),
    { discard: true }
  )

/** PostgreSQL believes nobody who says who they are and no password, or a wrong one. */
const assertNobodyGetsIn = Effect.fnUntraced(function*(server = "") {
  for (const user of ["postgres", "query_service", "projector", "ops"]) {
    for (const password of ["", "wrong"]) {
      const url = new URL(server)
      url.username = user
      url.password = password
      const client = Postgres.layer({
        url: Redacted.make(url.href),
        applicationName: "marginalia-test",
        maxConnections: 1
      })
      const error = yield* Effect.flip(Effect.provide(SqlClient.SqlClient.use((sql) => sql`SELECT 1`), client))
      assert.match(inspect(error, { depth: 9 }), password === "" ? /password must be a string|no password/i : /28P01/)
    }
  }
})

/** Ends Redis, as somebody might who means another one: it calls itself by its address. Nobody may tell it to. */
const endRedis = (url = "") => {
  const { host } = new URL(url)
  const [processId = 0] = spawnSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" }).stdout.split("\n")
    .filter((line) => line.includes(`server ${host}`)).map((line) => Number.parseInt(line, 10))
  assert.isAbove(processId, 1)
  process.kill(processId, "SIGTERM")
}

describe.each(stackMachines)("The local stack as a process on %s", () => {
  it.live(
    "says of each part where it is, keeps its data where it is told to, and ends with 0, its parts with it",
    () =>
      Effect.gen(function*() {
        const folder = yield* makeFolder
        // Root hands Postgres over to somebody who must get there.
        chmodSync(folder, 0o755)
        const first = yield* startStack({ DATA_DIR: join(folder, "data") })
        assert.includeMembers(Array.from(first.parts.keys()), [
          "PostgreSQL",
          "Redis",
          "command-service",
          "query-service",
          "stream-poller"
        ])
        assert.lengthOf(Array.from(first.parts), 6)
        assert.include(first.printed, `Its data lies in ${join(folder, "data")}\n`)
        const comment = yield* Effect.gen(function*() {
          assertStatus(yield* get("/health/ready"), 200)
          const comment = yield* posted({ by: "ana" })
          assertStatus(yield* get(commentUrl(comment.id), after(comment.token)), 200)
          return comment
        }).pipe(Effect.provideService(Target, first.target))
        yield* assertNobodyGetsIn(first.parts.get("PostgreSQL"))
        const token = yield* Effect.provideService(bearer("ana"), Target, first.target)
        yield* first.kill("SIGTERM")
        assert.deepInclude(yield* first.ended, { code: 0, signal: null, stderr: "" })
        yield* allGone(first.parts)

        const second = yield* startStack({ DATA_DIR: join(folder, "data") })
        yield* Effect.gen(function*() {
          const seen = yield* get(commentUrl(comment.id))
          assert.strictEqual(commentOf(assertStatus(seen, 200)).text, comment.text)
          assertStatus(yield* get(historyUrl(comment.id), token), 200)
        }).pipe(Effect.provideService(Target, second.target))
        yield* second.kill("SIGINT")
        assert.deepInclude(yield* second.ended, { code: 0, signal: null, stderr: "" })
      }),
    patience
  )

  it.live("leaves nothing behind when it is killed", () =>
    Effect.gen(function*() {
      const { ended, kill, parts } = yield* startStack()
      yield* kill("SIGKILL")
      yield* ended
      yield* allGone(parts)
    }), patience)

  it.live(
    "ends with 1 when one of its parts has ended, says which, and takes the others along",
    () =>
      Effect.gen(function*() {
        const { ended, parts } = yield* startStack()
        endRedis(parts.get("Redis"))
        const { code, stderr } = yield* ended
        assert.strictEqual(code, 1)
        assert.strictEqual(stderr, "Redis has ended by itself, and the stack with it.\n")
        yield* allGone(parts)
      }),
    patience
  )

  it.live("says what is missing, and how to get it, before it starts anything", () =>
    Effect.gen(function*() {
      const bare = yield* makeFolder
      const id = spawnSync("sh", ["-c", "command -v id"], { encoding: "utf8" }).stdout.trim()
      symlinkSync(id, join(bare, "id"))
      assertRefused(yield* run("stack.ts", { PORT: "0", PATH: bare }), /^There is no Redis:.* Install it/)
    }), patience)
})
