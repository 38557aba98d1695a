import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import type { TestCase } from "vitest/node"
import type { Speakers } from "./Speaker.ts"

/** What became of the suite. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  /** What wasn't run to its end, with the reason. */
  readonly leftOut: ReadonlyArray<{ readonly name: string; readonly reason: string }>
  /** Whether all that ran went well, and something ran. */
  readonly good: boolean
}

const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url))

const nameOf = ({ fullName }: TestCase): string => fullName.split(" > ").slice(1).join(": ")

/** Runs the HTTP suite against a deployment, and prints what fails as it does. */
export const runSuite = (url: string, speakers: Speakers) =>
  Effect.promise(async () => {
    // Loaded only once there is something to run: it takes longer than to find out that there isn't.
    const { startVitest } = await import("vitest/node")
    const vitest = await startVitest([], {
      config,
      watch: false,
      run: true,
      provide: { deployment: { url, speakers } }
    })
    const modules = vitest.state.getTestModules()
    const tests = modules.flatMap((module) => Array.from(module.children.allTests()))
    const inState = (state: string) => tests.filter((test) => test.result().state === state)
    const leftOut = inState("skipped").map((test) => {
      const result = test.result()
      return { name: nameOf(test), reason: (result.state === "skipped" ? result.note : undefined) ?? "It didn't run." }
    })
    const [passed, failed] = [inState("passed").length, inState("failed").length]
    const errors = vitest.state.getUnhandledErrors().length
    await vitest.close()
    const good = modules.length > 0 && modules.every((module) => module.ok()) && errors === 0 && failed === 0
    const outcome: Outcome = { passed, failed, leftOut, good: good && passed > 0 }
    return outcome
  })
