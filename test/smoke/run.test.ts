import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { patience, startStandalone } from "../programs/program.ts"
import { serve } from "../support/serve.ts"
import { flagsOf, smoke, write } from "./smoke.ts"

describe("npm run smoke", () => {
  it.live(
    "ends with 1 and a sentence where nothing answers, where something else does, and where the token is refused",
    () =>
      Effect.gen(function*() {
        const { target: { token, url } } = yield* startStandalone({ DATA_DIR: "memory" })
        const elsewhere = yield* startStandalone({ DATA_DIR: "memory" })
        const other = yield* serve((_request, response) => response.end("<html>"))
        const good = yield* token("ana", write)
        const refusals: ReadonlyArray<readonly [url: string, token: string, sentence: RegExp]> = [
          ["http://127.0.0.1:1", good, /^Nothing answers at http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/m],
          [other.url, good, /^What answers at \S+ isn't Marginalia/m],
          [url, yield* elsewhere.target.token("ana", write), /^The deployment refuses --token\. .*401/m],
          [url, yield* token("ana", "openid"), /^The deployment takes --token, but not for writing\. .*403/m],
          [url, "abc", /^--token is no JSON Web Token\.$/m]
        ]
        for (const [url, token, sentence] of refusals) {
          const { code, stderr } = yield* smoke(flagsOf({ url, token }))
          assert.strictEqual(code, 1)
          assert.match(stderr, sentence)
          if (token.length > 20) assert.notInclude(stderr, token.slice(-20))
        }
      }),
    patience
  )

  it.live("says by --help what it takes", () =>
    Effect.gen(function*() {
      const { code, stdout } = yield* smoke(["--help"])
      assert.strictEqual(code, 0)
      for (const flag of ["url", "token", "other-token", "moderator-token", "reading-token"]) {
        assert.include(stdout, `--${flag} `)
      }
    }), patience)
})
