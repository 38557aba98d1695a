import { Effect } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { SupplyFault } from "./SupplyFault.ts"

const project = fileURLToPath(new URL("../../", import.meta.url))

/** What npm prints on its standard output, however it ends: an audit that finds something ends with 1. */
export const npm = (...words: ReadonlyArray<string>): Effect.Effect<string, SupplyFault> =>
  Effect.callback((resume) => {
    const options = { cwd: project, maxBuffer: 64 * 1024 * 1024 }
    const running = execFile("npm", words, options, (error, output) => {
      if (error === null || output !== "") return resume(Effect.succeed(output))
      resume(Effect.fail(new SupplyFault({ message: `npm ${words.join(" ")} said nothing: ${error.message}` })))
    })
    return Effect.sync(() => running.kill())
  })
