import { Effect } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { makeEmbeddedDirectory } from "../engines/databases.ts"

/** A data directory with an empty database in it, which is there faster than the program could make one. */
export const makeDataDirectory = Effect.map(makeEmbeddedDirectory, dirname)

/** An empty folder; it is removed at the scope's end. */
export const makeFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-programs-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)
