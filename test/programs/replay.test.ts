import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer } from "node:net"
import { standaloneTarget } from "../http/standaloneTarget.ts"
import { httpSuite } from "../http/suite.ts"
import { listen } from "../support/serve.ts"
import { patience, run } from "./program.ts"
import { fixture, replaying } from "./replaying.ts"

/** A port that nobody listens on: somebody did a moment ago. */
const freedPort = Effect.scoped(Effect.suspend(() => listen(createServer())))

httpSuite("The standalone program", standaloneTarget, [replaying])

describe("Replaying", () => {
  it.live("says so in a sentence when there is no such file, or no server", () =>
    Effect.gen(function*() {
      const missing = yield* run("replay.ts", {}, ["no-such-file.jsonl"])
      assert.deepInclude(missing, { code: 1, stdout: "" })
      assert.match(missing.stderr, /^no-such-file\.jsonl can't be read: there is no such file\.\n$/)
      const url = `http://127.0.0.1:${yield* freedPort}`
      const alone = yield* run("replay.ts", {}, [fixture, "--url", url])
      assert.deepInclude(alone, { code: 1, stdout: "" })
      assert.match(alone.stderr, new RegExp(`^${url} can't be reached[^\\n]+\\n$`))
    }), patience)

  it.live("explains how it is used when it is used otherwise", () =>
    Effect.gen(function*() {
      for (const args of [[], [fixture, "--url", "ftp://example.org", "--concurrency", "0"]]) {
        const { code, stderr, stdout } = yield* run("replay.ts", {}, args)
        assert.strictEqual(code, 1)
        assert.include(stdout, "USAGE")
        assert.match(stderr, /file|--concurrency|--url/)
        assert.notInclude(stderr, "Help requested")
      }
    }))
})
