import { Console, Effect, FileSystem } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { BenchError } from "../BenchError.ts"

const folder = fileURLToPath(new URL("../rivals/", import.meta.url))

const broken = (error: unknown) =>
  new BenchError({ message: `The rivals' packages can't be installed: ${String(error)}` })

/**
 * Installs the packages of what we are measured against, as `test/bench/rivals/package-lock.json` has them, into a folder that
 * git ignores. They are no part of the project: its own installation leaves them out, and its code never imports them.
 * What is there already, of the same lock, is left as it is.
 */
export const installRivals = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const mark = `${folder}node_modules/.installed-lock.json`
  const lock = yield* files.readFileString(`${folder}package-lock.json`)
  const installed = yield* Effect.orElseSucceed(files.readFileString(mark), () => "")
  if (installed === lock) return
  yield* Console.error("Installing what we are measured against: npm ci --prefix test/bench/rivals --ignore-scripts")
  yield* Effect.callback<void, BenchError>((resume) => {
    execFile("npm", ["ci", "--ignore-scripts"], { cwd: folder }, (error) => {
      resume(error === null ? Effect.void : Effect.fail(broken(error)))
    })
  })
  yield* files.writeFileString(mark, lock)
}).pipe(Effect.mapError((error) => error instanceof BenchError ? error : broken(error)))
