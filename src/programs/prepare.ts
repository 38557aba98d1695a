import { PGlite } from "@electric-sql/pglite"
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import process from "node:process"
import { clusterTemplate } from "../platform/clusterTemplate.ts"

// Makes the cluster that every new database begins with, once for each version of PGlite. Written beside its place and
// moved there, so that nobody ever reads half of it.
const file = clusterTemplate()
if (!existsSync(file)) {
  const database = await PGlite.create("memory://")
  await database.exec("CHECKPOINT")
  const tar = await database.dumpDataDir("none")
  await database.close()
  mkdirSync(dirname(file), { recursive: true })
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, new Uint8Array(await tar.arrayBuffer()))
  renameSync(unfinished, file)
}
