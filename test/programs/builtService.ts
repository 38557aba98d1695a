import { Effect } from "effect"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import type { services } from "../../src/programs/build/bundleServices.ts"
import { ask } from "../engines/ask.ts"

const programs = fileURLToPath(new URL("../../src/programs/", import.meta.url))

/** The file of a program in the container image, as the programs' own folder sees it. */
export const builtService = (name: typeof services[number]) =>
  Effect.map(ask("services"), (folder) => relative(programs, join(folder, `${name}.mjs`)))
