import { Effect } from "effect"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { BenchError } from "../BenchError.ts"
import type { Pinning } from "./pinning.ts"
import { profiling } from "./profiling.ts"
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

/** What is asked of it in particular. */
export interface StandaloneSubject {
  /** Names the folder of its profiles. */
  readonly name: string
  readonly environment?: Readonly<Record<string, string>>
  /** Fills its data directory before it starts. */
  readonly fill?: (dataDirectory: string) => Effect.Effect<void, BenchError>
}

/**
 * Starts the standalone program as `npm start` does, on a database of its own under a temporary folder, which is removed
 * with the scope. It logs warnings and worse only.
 */
export const startStandalone = Effect.fn("startStandalone")(
  function*(subject: StandaloneSubject, { pinning, profiles }: StandaloneOptions) {
    const folder = yield* temporaryFolder
    const dataDirectory = join(folder, "data")
    if (subject.fill !== undefined) yield* subject.fill(dataDirectory)
    return yield* startServer({
      name: "The standalone program",
      prefix: pinning.prefix("server"),
      nodeArguments: [
        ...profiling(profiles === undefined ? undefined : `${profiles}/${subject.name}`),
        program
      ],
      environment: {
        LOG_LEVEL: "warn",
        DATA_DIR: dataDirectory,
        TMPDIR: folder,
        ...wideLimits,
        ...subject.environment
      }
    })
  }
)
