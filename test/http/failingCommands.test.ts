import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { CommandContended } from "../../src/commands/Answer.ts"
import { Version } from "../../src/domain/ids.ts"
import { CommitUndecodable, EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { TokenKeysUnavailable } from "../../src/platform/TokenVerifier.ts"
import { assertProblem, assertStatus } from "./assertAnswer.ts"
import { brittleTarget, Faults } from "./brittleTarget.ts"
import { bearer, edit, newPicture, post, remove, tokenOf, unknownId } from "./comments.ts"
import { jsonOf } from "./exchange.ts"
import { assertRetryAfter, brokenReadModel, everyQuery, secret, standing } from "./faulty.ts"
import { newUser } from "./people.ts"
import { get, historyUrl } from "./queries.ts"

const every = Effect.gen(function*() {
  return [
    yield* post(newPicture(), newUser(), "text"),
    yield* edit(unknownId(), newUser(), "text"),
    yield* remove(unknownId(), newUser())
  ]
})

layer(brittleTarget, { excludeTestServices: true, timeout: "60 seconds" })(
  "While something that is needed fails",
  (it) => {
    it.effect("commands are 503 with Retry-After: the event store can't be reached", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        const details = new Set<string>()
        for (const outcome of ["nothing", "unknown"] as const) {
          faults.command = Effect.fail(
            new EventStoreUnavailable({ operation: "append", outcome, cause: new Error(secret) })
          )
          for (const reply of yield* every) {
            details.add(assertProblem(reply, 503, "service-unavailable").detail)
            assertRetryAfter(reply)
            assert.strictEqual(tokenOf(reply), "")
          }
        }
        assert.strictEqual(details.size, 2, "whether something was done is told apart from not knowing")
      }))

    it.effect("commands are 503: what is in the log can't be read", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        faults.command = Effect.fail(
          new CommitUndecodable({ stream: standing.commentId, version: Version.make(1), reason: secret })
        )
        for (const reply of yield* every) {
          assertProblem(reply, 503, "service-unavailable")
          assertRetryAfter(reply)
        }
      }))

    it.effect("commands are 409 with Retry-After and a token: others were faster too often", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        faults.command = Effect.fail(new CommandContended({ standing }))
        for (const reply of yield* every) {
          assertProblem(reply, 409, "too-much-contention")
          assertRetryAfter(reply)
          assert.match(tokenOf(reply), /^[A-Za-z0-9_-]+$/)
        }
      }))

    it.effect("a defect is 500, tells nothing, and is logged under the request's id", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        faults.command = Effect.die(new Error(secret))
        for (const reply of yield* every) {
          assertProblem(reply, 500, "internal-error")
          const id = reply.headers["x-request-id"] ?? ""
          const entries = faults.log.filter((entry) => entry.includes(`"requestId":"${id}"`))
          assert.isTrue(
            entries.some((entry) => entry.includes("SELECT * FROM commits") && entry.includes("\"ERROR\"")),
            id
          )
        }
        faults.readModel = brokenReadModel(Effect.die(new Error(secret)))
        const author = yield* bearer(newUser())
        for (const url of everyQuery(newPicture())) assertProblem(yield* get(url, author), 500, "internal-error")
      }))

    it.effect("what needs a token is 503 while the issuer's keys can't be had", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        faults.verification = Effect.fail(new TokenKeysUnavailable({ cause: new Error(secret) }))
        const replies = [...(yield* every), yield* get(historyUrl(standing.commentId), yield* bearer("ana"))]
        faults.verification = undefined
        for (const reply of replies) {
          assertProblem(reply, 503, "service-unavailable")
          assertRetryAfter(reply)
        }
      }))

    it.effect("readiness is 503 with the checks, also of one that hangs; liveness stays 200", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        for (const ready of [Effect.succeed(false), Effect.never]) {
          faults.ready = ready
          assert.deepStrictEqual(jsonOf(assertStatus(yield* get("/health/ready"), 503)), {
            checks: { postgres: "down" }
          })
          assertStatus(yield* get("/health/live"), 200)
        }
        faults.ready = Effect.succeed(true)
        assertStatus(yield* get("/health/ready"), 200)
      }))
  }
)
