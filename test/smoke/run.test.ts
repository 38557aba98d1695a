import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { patience, run, startStandalone } from "../programs/program.ts"
import { makeGateway } from "../support/gateway.ts"
import { serve } from "../support/localIssuer.ts"

const smoke = (args: ReadonlyArray<string>) => run("../../test/smoke/run.ts", {}, args)

const flagsOf = (flags: Readonly<Record<string, string>>) =>
  Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])

const write = "comments:write"

describe("npm run smoke", () => {
  it.live(
    "runs the whole suite through a gateway but what the tokens at hand can't show, tells what that is and why, and ends with 0",
    () =>
      Effect.gen(function*() {
        const { target: { token, url } } = yield* startStandalone({ DATA_DIR: "memory" })
        const { code, stdout } = yield* smoke(flagsOf({
          url: `${yield* makeGateway(url)}/`,
          token: yield* token("smoke|ana", write),
          "other-token": yield* token("smoke|bruno", write),
          "moderator-token": yield* token("smoke|mo", `${write} comments:moderate`),
          "reading-token": yield* token("smoke|ana", "openid")
        }))
        assert.strictEqual(code, 0, stdout.slice(stdout.indexOf("Failed Tests")))
        const [, passed = "", leftOut = ""] = /\n(\d+) passed, 0 failed, (\d+) left out\. The comments are still there/
          .exec(stdout) ?? []
        assert.isAbove(Number(passed), 100)
        // Nothing is left out that these four could have shown.
        const reasons = Array.from(stdout.matchAll(/^ {2}(It .*) \((\d+)\)$/gm), ([, why, count]) => ({ why, count }))
        const theirs = /of its own|only writing|and not writing|is like ours/
        for (const { why = "" } of reasons) assert.match(why, theirs)
        const told = reasons.reduce((sum, { count }) => sum + Number(count), 0)
        assert.strictEqual(told, Number(leftOut))
        assert.match(stdout, new RegExp(`^${leftOut} of the suite's tests were LEFT OUT:$`, "m"))
        assert.include(stdout, "It writes as smoke|ana")
      }),
    2 * patience
  )

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
