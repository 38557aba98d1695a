import { Effect, Schema } from "effect"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { EmbeddedPostgres } from "../../src/platform/EmbeddedPostgres.ts"

const Package = Schema.fromJsonString(Schema.Struct({ version: Schema.String }))

/** PGlite's version, for a template is of use to one version only, and a folder to keep templates in. */
const installed = Effect.gen(function*() {
  const packageFolder = join(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")), "..")
  const text = readFileSync(join(packageFolder, "package.json"), "utf8")
  const { version } = yield* Effect.orDie(Schema.decodeEffect(Package)(text))
  return { version, cache: join(packageFolder, "..", "..", ".cache", "marginalia-test") }
})

/**
 * The folder of an empty embedded cluster, for suites to copy: to make a cluster takes seconds, to open one that exists
 * a fraction of one. It is made once for each version of PGlite and kept in `node_modules/.cache`.
 */
export const makeEmbeddedTemplate = Effect.gen(function*() {
  const { version, cache } = yield* installed
  const template = join(cache, `pglite-${version}`)
  if (existsSync(template)) return template
  mkdirSync(cache, { recursive: true })
  const workshop = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(cache, "making-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const made = join(workshop, "postgres")
  yield* Effect.scoped(EmbeddedPostgres.make({ directory: made }))
  // Another run may have put its own in place meanwhile, which is as good.
  yield* Effect.sync(() => renameSync(made, template)).pipe(
    Effect.catchDefect((defect) => (existsSync(template) ? Effect.void : Effect.die(defect)))
  )
  return template
})
