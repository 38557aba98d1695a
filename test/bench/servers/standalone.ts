import { Effect } from "effect"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Row } from "../Row.ts"
import type { Pinning } from "./pinning.ts"
import { startServer } from "./startServer.ts"
import { temporaryFolder } from "./temporaryFolder.ts"
import { wideLimits } from "./wideLimits.ts"

const program = fileURLToPath(new URL("../../../src/programs/standalone.ts", import.meta.url))

/** How the standalone program is started, beside what a row asks for. */
export interface StandaloneOptions {
  readonly pinning: Pinning
  /** Where V8 is to leave profiles of the program's threads when it ends, if anywhere. */
  readonly profiles: string | undefined
}

/**
 * Starts the standalone program as `npm start` does, on a database of its own under a temporary folder, which is removed
 * with the scope. It logs warnings and worse only.
 */
export const startStandalone = Effect.fn("startStandalone")(
  function*(row: Row, { pinning, profiles }: StandaloneOptions) {
    const folder = yield* temporaryFolder
    return yield* startServer({
      name: "The standalone program",
      prefix: pinning.prefix("server"),
      nodeArguments: [
        ...(profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}/${row.name}`]),
        program
      ],
      environment: {
        LOG_LEVEL: "warn",
        DATA_DIR: join(folder, "data"),
        TMPDIR: folder,
        ...wideLimits,
        ...row.environment
      }
    })
  }
)
