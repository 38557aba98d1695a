import { assert, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import { EntryUndecodable, InboxUnavailable } from "../../src/commands/CommandInbox.ts"
import type { InboxEntry } from "../../src/commands/InboxEntry.ts"
import { AuthorId, CommandId } from "../../src/domain/ids.ts"
import { entryOf, freshEdit, freshPost } from "../support/inboxEntries.ts"
import { later, locationOf } from "./accepted.ts"
import { assertProblem, assertStatus } from "./assertAnswer.ts"
import { brittleTarget, Faults } from "./brittleTarget.ts"
import { bearer, edit, newPicture, post, remove, tokenOf, unknownId } from "./comments.ts"
import { jsonOf } from "./exchange.ts"
import { assertRetryAfter, secret } from "./faulty.ts"
import { newUser } from "./people.ts"
import { get } from "./queries.ts"

const every = Effect.gen(function*() {
  const how = { headers: later }
  // At once, for an unknown outcome is tried to be settled for some seconds.
  return yield* Effect.all([
    post(newPicture(), newUser(), "text", how),
    edit(unknownId(), newUser(), "text", how),
    remove(unknownId(), newUser(), how)
  ], { concurrency: "unbounded" })
})

const undecodable = new EntryUndecodable({ id: CommandId.make(unknownId()), reason: secret })

const unavailable = (operation: "accept" | "find", outcome: "nothing" | "unknown" = "nothing") =>
  Effect.fail(new InboxUnavailable({ operation, outcome, cause: new Error(secret) }))

layer(brittleTarget, { excludeTestServices: true, timeout: "60 seconds" })(
  "While the inbox fails",
  (it) => {
    it.effect("commands that are to be decided later are 503 with Retry-After", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        const details = new Set<string>()
        for (const accept of [unavailable("accept"), unavailable("accept", "unknown"), Effect.fail(undecodable)]) {
          faults.inbox.accept = () => accept
          for (const reply of yield* every) {
            details.add(assertProblem(reply, 503, "service-unavailable").detail)
            assertRetryAfter(reply)
            assert.strictEqual(tokenOf(reply), "")
            assert.isUndefined(reply.headers["preference-applied"])
          }
        }
        assert.strictEqual(details.size, 2, "whether something was accepted is told apart from not knowing")
      }))

    it.effect("what came of a command is 503, and 401 without a token as ever", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        for (const find of [unavailable("find"), Effect.fail(undecodable)]) {
          faults.inbox.find = () => find
          const reply = yield* get(`/commands/${unknownId()}`, yield* bearer(newUser()))
          assertProblem(reply, 503, "service-unavailable")
          assertRetryAfter(reply)
          assertProblem(yield* get(`/commands/${unknownId()}`), 401, "unauthorized")
        }
      }))

    it.effect("a command that nothing has run yet is pending, and says when to ask again", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        const ana = newUser()
        let entry: InboxEntry | undefined
        faults.inbox.accept = (accepted) => {
          entry = accepted
          return Effect.succeed(null)
        }
        faults.inbox.find = () => Effect.succeed(Option.fromUndefinedOr(entry))
        const location = locationOf(yield* post(newPicture(), ana, "text", { headers: later }))
        const reply = assertStatus(yield* get(location, yield* bearer(ana)), 200)
        assert.deepStrictEqual<unknown>(jsonOf(reply), { id: location.replace("/commands/", ""), status: "pending" })
        assertRetryAfter(reply)
        assert.strictEqual(reply.headers["cache-control"], "no-store")
      }))

    it.effect("a command that can never be decided has failed, with a problem that tells nothing internal", () =>
      Effect.gen(function*() {
        const faults = yield* Faults
        const ana = newUser()
        const command = {
          ...freshEdit(freshPost().commentId, "text"),
          actor: { id: AuthorId.make(ana), moderator: false }
        }
        faults.inbox.find = () =>
          Effect.succeedSome({ ...entryOf(command), outcome: { _tag: "Failed", reason: secret } })
        const reply = assertStatus(yield* get(`/commands/${command.commandId}`, yield* bearer(ana)), 200)
        const json = jsonOf(reply)
        assert.deepInclude(json, { id: command.commandId, status: "failed" })
        assert.include(reply.text, "/problems/internal-error")
        assert.notInclude(reply.text, "commits")
      }))
  }
)
