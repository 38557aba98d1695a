import { Effect, Schema } from "effect"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findPostgres } from "../../../src/programs/stack/engines/postgresBinaries.ts"
import { findRedisServer } from "../../../src/programs/stack/engines/redisServer.ts"

const Named = Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
const Manifest = Schema.fromJsonString(Schema.Struct({ dependencies: Named, optionalDependencies: Named }))

const packagesOf = (manifest: URL): Readonly<Record<string, string>> => {
  const { dependencies, optionalDependencies } = Schema.decodeSync(Manifest)(readFileSync(manifest, "utf8"))
  return { ...dependencies, ...optionalDependencies }
}

const ours = ["effect", "@effect/sql-pg", "@electric-sql/pglite", "@dynoxide/linux-x64", "ioredis"]

const ask = (program: string, ...words: ReadonlyArray<string>): string => {
  const [, version = "unknown"] = /(\d+\.\d[\w.]*)/.exec(execFileSync(program, [...words], { encoding: "utf8" })) ?? []
  return version
}

const unknown = "unknown"

const postgresVersion = Effect.map(findPostgres, (programs) => {
  const folder = mkdtempSync(join(tmpdir(), "marginalia-bench-"))
  try {
    return ask(join(programs(folder), "postgres"), "--version")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

const redisVersion = Effect.map(findRedisServer, (program) => ask(program, "--version"))

/** What takes part, and at which version: engines first, then our packages, then the rivals'. */
export const versionsHere: Effect.Effect<Readonly<Record<string, string>>> = Effect.gen(function*() {
  const own = packagesOf(new URL("../../../package.json", import.meta.url))
  return {
    "Node.js": process.versions.node,
    V8: process.versions.v8,
    PostgreSQL: yield* Effect.orElseSucceed(postgresVersion, () => unknown),
    Redis: yield* Effect.orElseSucceed(redisVersion, () => unknown),
    ...Object.fromEntries(ours.map((name) => [name, own[name] ?? unknown])),
    ...packagesOf(new URL("../rivals/package.json", import.meta.url))
  }
})
