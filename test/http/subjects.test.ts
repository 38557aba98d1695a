import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem } from "./assertAnswer.ts"
import { brittleTarget, Faults } from "./brittleTarget.ts"
import { bearer, newPicture, post, unknownId } from "./comments.ts"
import { exchange } from "./exchange.ts"
import { get, historyUrl, pageUrl } from "./queries.ts"

layer(brittleTarget, { excludeTestServices: true, timeout: "60 seconds" })("A valid token", (it) => {
  it.effect("of a subject that can't be an author is 401", () =>
    Effect.gen(function*() {
      const { sign } = yield* Faults
      for (const subject of ["", "a\u0000b", "a\nb", "\u007f", "a\u0085b", "x".repeat(256)]) {
        const authorization = `Bearer ${yield* sign(subject)}`
        const headers = { authorization, "content-type": "application/json" }
        const path = pageUrl(newPicture())
        assertProblem(yield* exchange({ method: "POST", path, headers, body: "{\"text\":\"a\"}" }), 401, "unauthorized")
        assertProblem(yield* get(historyUrl(unknownId()), headers), 401, "unauthorized")
      }
    }))

  it.effect("is never in the log, nor is what somebody wrote", () =>
    Effect.gen(function*() {
      const faults = yield* Faults
      const { authorization } = yield* bearer("ana")
      faults.command = Effect.die(new Error("an unforeseen end"))
      assertProblem(yield* post(newPicture(), "ana", "between you and me"), 500, "internal-error")
      assertProblem(yield* post(newPicture(), "ana", "between you and me\u0000"), 422, "invalid-request")
      const log = faults.log.join("\n")
      assert.include(log, "an unforeseen end")
      assert.notInclude(log, authorization.slice(-40))
      assert.notInclude(log, "between you")
    }))
})
