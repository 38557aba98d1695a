import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { lambdas } from "../../src/programs/build/bundleLambda.ts"
import { services } from "../../src/programs/build/bundleServices.ts"
import { ask } from "../engines/ask.ts"

/** All that a built program loads, as text: its file, and whatever that names of the chunks beside it. */
const loaded = (file: string, known = new Map<string, string>()): string => {
  if (known.has(file)) return ""
  const text = readFileSync(file, "utf8")
  known.set(file, text)
  for (const [, chunk = ""] of text.matchAll(/["'](\.{1,2}\/[\w./-]+\.mjs)["']/g)) {
    loaded(join(dirname(file), chunk), known)
  }
  return [...known.values()].join("\n")
}

/** Where a development token is asked for, and whom it is of. */
const traces = ["/dev/token", "marginalia-development", "development-signing-key"]

const tracesIn = (text: string): ReadonlyArray<string> => traces.filter((trace) => text.includes(trace))

describe("The issuer of development tokens", () => {
  it.live("is in the entry point of one machine, and in no other program that is deployed", () =>
    Effect.gen(function*() {
      const [built, functions] = yield* Effect.all([ask("services"), ask("lambdas")])
      const files = new Map<string, string>([
        ...services.map((name) => [name, join(built, `${name}.mjs`)] as const),
        ...lambdas.map((name) => [name, join(functions, name, "index.mjs")] as const)
      ])
      const found = [...files].map(([name, file]) => [name, tracesIn(loaded(file))] as const)
      assert.deepStrictEqual(found.filter(([, where]) => where.length > 0).map(([name]) => name), ["entry"])
    }))
})
