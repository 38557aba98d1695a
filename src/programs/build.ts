import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { bundleLambda, type Lambda, lambdas } from "./build/bundleLambda.ts"
import { importTime } from "./build/importTime.ts"

/** What a Lambda is to stay below, and what it must not exceed, in bytes of minified code. */
const aim = 250_000
const limit = 300_000

/** How long importing one should take at most, in milliseconds. Machines differ, so that is said and not enforced. */
const importAim = 40

const folder = fileURLToPath(new URL("../../dist", import.meta.url))

const build = Effect.fnUntraced(function*(name: Lambda) {
  const { bytes, file } = yield* Effect.promise(() => bundleLambda(name, folder))
  const time = yield* importTime(file)
  yield* Console.log(
    `dist/${name}/index.mjs  ${(bytes / 1000).toFixed(1)} kB minified (aim: below ${aim / 1000} kB), ` +
      `imports in ${time.toFixed(0)} ms (aim: below ${importAim} ms)`
  )
  if (bytes <= limit) return
  yield* Console.error(`dist/${name}/index.mjs is too large: ${bytes} bytes are more than ${limit}.`)
  process.exitCode = 1
})

/** The program behind `npm run build`: makes the Lambdas in `dist`, and says what they weigh. */
const program = Effect.forEach(lambdas, build, { discard: true })

if (import.meta.main) NodeRuntime.runMain(program)
