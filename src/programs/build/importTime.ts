import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import process from "node:process"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"

const rounds = 9

// The settings without which the programs refuse to start. Nothing is connected.
const settings = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", REDIS_URL: "redis://127.0.0.1:1" }

const timed = (file: string) => `
  const begun = performance.now()
  await import(${JSON.stringify(pathToFileURL(file).href)})
  process.stdout.write(String(performance.now() - begun))
`

/** How long it takes to import a file, in milliseconds, without the start of Node: the median of several fresh processes. */
export const importTime = Effect.fnUntraced(function*(file: string) {
  const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", timed(file)], { env: settings })
  const once = Effect.map(Effect.promise(run), ({ stdout }) => Number(stdout))
  const times = yield* Effect.replicateEffect(once, rounds)
  return times.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
})
