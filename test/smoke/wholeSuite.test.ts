import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { patience, startStandalone } from "../programs/program.ts"
import { makeGateway } from "../support/gateway.ts"
import { flagsOf, smoke, write } from "./smoke.ts"

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
})
