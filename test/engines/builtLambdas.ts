import { Effect, Schema } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundleLambda, lambdas } from "../../src/programs/build/bundleLambda.ts"

/** A Lambda can't be built; `message` says why. */
export class BuildFailed extends Schema.TaggedError<BuildFailed>()("BuildFailed", { message: Schema.String }) {}

/** The folder of the Lambdas, as `npm run build` makes them, until the scope ends. */
export const buildLambdas = Effect.gen(function*() {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-lambdas-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  for (const name of lambdas) {
    yield* Effect.tryPromise({
      try: () => bundleLambda(name, folder),
      catch: (error) => new BuildFailed({ message: `The Lambda ${name} can't be built: ${String(error)}` })
    })
  }
  return folder
})
