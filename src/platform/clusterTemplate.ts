import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const packageFolder = join(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")), "..")

// Of use to one version only, so its name says which.
const installed = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"))
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown"
}

/**
 * Where the tar of a new, empty cluster lies. To make a cluster takes PGlite several seconds, to unpack one a fraction of
 * that; so `npm ci` makes one, and every new database begins with it. Where it is missing, a cluster is made.
 */
export const clusterTemplate = (): string =>
  join(packageFolder, "..", "..", ".cache", "marginalia", `pglite-${installed()}.tar`)

/** The tar itself, if there is one. */
export const readClusterTemplate = (): Blob | undefined => {
  const file = clusterTemplate()
  return existsSync(file) ? new Blob([readFileSync(file)], { type: "application/x-tar" }) : undefined
}
