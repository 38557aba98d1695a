import { Effect, Schema } from "effect"
import { fileURLToPath } from "node:url"
import type { Row } from "../Row.ts"
import type { Pinning } from "./pinning.ts"
import { startServer } from "./startServer.ts"
import { temporaryFolder } from "./temporaryFolder.ts"
import { TwinJob } from "./TwinJob.ts"

const program = fileURLToPath(new URL("./twinProcess.ts", import.meta.url))
const encodeJob = Schema.encodeSync(Schema.fromJsonString(TwinJob))

/** Starts a row's bare twin in a process of its own, with a temporary folder for what it stores. */
export const startBareTwin = Effect.fn("startBareTwin")(function*(row: Row, material: Schema.Json, pinning: Pinning) {
  const folder = yield* temporaryFolder
  return yield* startServer({
    name: `The bare twin of ${row.name}`,
    prefix: pinning.prefix("server"),
    nodeArguments: [program],
    environment: { TMPDIR: folder },
    input: encodeJob({ row: row.name, material, folder })
  })
})
