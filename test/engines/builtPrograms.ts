import { Effect, Schema } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundleLambda, lambdas } from "../../src/programs/build/bundleLambda.ts"
import { bundleServices } from "../../src/programs/build/bundleServices.ts"

/** Something can't be built; `message` says why. */
export class BuildFailed extends Schema.TaggedError<BuildFailed>()("BuildFailed", { message: Schema.String }) {}

const build = Effect.fnUntraced(function*(what: string, into: (folder: string) => Promise<void>) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-built-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  yield* Effect.tryPromise({
    try: () => into(folder),
    catch: (error) => new BuildFailed({ message: `${what} can't be built: ${String(error)}` })
  })
  return folder
})

/** The folder of the Lambdas, as `npm run build` makes them, until the scope ends. */
export const buildLambdas = build("The Lambdas", async (folder) => {
  await Promise.all(lambdas.map((name) => bundleLambda(name, folder)))
})

/** The folder of what the container image holds, as `npm run build:services` makes it, until the scope ends. */
export const buildServices = build("The services", bundleServices)
