import { Effect, Schema } from "effect"
import { spawn } from "node:child_process"
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Lambda } from "../../../src/programs/build/bundleLambda.ts"
import { ask } from "../../engines/ask.ts"
import { serveRuntimeApi } from "./RuntimeApi.ts"

const bootstrap = fileURLToPath(new URL("./bootstrap.ts", import.meta.url))
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url))

const BatchResponse = Schema.Struct({
  batchItemFailures: Schema.Array(Schema.Struct({ itemIdentifier: Schema.String }))
})
const decodeResponse = Schema.decodeUnknownEffect(BatchResponse, { onExcessProperty: "error" })

export interface LambdaOptions {
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Whether there is the AWS SDK, as in Lambda; without it, the function's one file is all there is. */
  readonly sdk?: boolean
}

/**
 * Runs a built Lambda in a process of its own, alone in an empty folder, until the scope ends. Answers with how to invoke
 * it: with records, and how many milliseconds it has; it gives the sequence numbers of those that failed.
 */
export const runLambda = Effect.fnUntraced(function*(name: Lambda, { environment, sdk = false }: LambdaOptions) {
  const built = yield* ask("lambdas")
  const api = yield* serveRuntimeApi
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-lambda-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  yield* Effect.sync(() => {
    cpSync(join(built, name, "index.mjs"), join(folder, "index.mjs"))
    if (sdk) symlinkSync(modules, join(folder, "node_modules"))
  })
  const log = { text: "" }
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [bootstrap], {
        cwd: folder,
        env: { AWS_LAMBDA_RUNTIME_API: api.address, LAMBDA_TASK_ROOT: folder, ...environment },
        stdio: ["ignore", "inherit", "pipe"]
      })
      child.stderr.setEncoding("utf8").on("data", (text) => {
        log.text += String(text)
      })
      return child
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  return {
    /** What it answers an event. */
    invoke: (event: unknown, timeLimit = 20_000) => api.invoke(event, timeLimit),
    /** Why it refuses an event. */
    refusal: (event: unknown) => Effect.flip(Effect.asVoid(api.invoke(event, 20_000))),
    failed: (records: ReadonlyArray<unknown>, timeLimit = 20_000) =>
      api.invoke({ Records: records }, timeLimit).pipe(
        Effect.flatMap((answer) => Effect.orDie(decodeResponse(answer))),
        Effect.map(({ batchItemFailures }) => batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
      ),
    /** What it has logged by now. */
    log: Effect.sync(() => log.text)
  }
})
