import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { doneOf, later, locationOf } from "../accepted.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, edit, moderate, newPicture, post, posted, unknownId, write } from "../comments.ts"
import { exchange, jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, moderator } from "../people.ts"
import { get, head, pageUrl } from "../queries.ts"

const draft = JSON.stringify({ text: "text" })

export const commandStatus: Part = (it) =>
  describe("What came of a command", () => {
    it.effect("is told to its sender, and to nobody else: 404, as for one that never was", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const reply = yield* post(newPicture(), ana, "text", { headers: later })
        const location = locationOf(reply)
        yield* doneOf(reply, ana)
        assertStatus(yield* get(location, yield* bearer(ana)), 200)
        const others = yield* bearer(yield* moderator, `${write} ${moderate}`)
        const hidden = assertProblem(yield* get(location, others), 404, "command-not-found")
        const unknown = assertProblem(yield* get(`/commands/${unknownId()}`, others), 404, "command-not-found")
        assert.deepStrictEqual(hidden, unknown)
      }))

    it.effect("is told to its sender, whatever the token allows", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const location = locationOf(yield* post(newPicture(), ana, "text", { headers: later }))
        for (const scope of ["", "openid", write]) {
          assertStatus(yield* get(location, yield* bearer(ana, scope)), 200)
        }
        const mo = yield* moderator
        const moderators = locationOf(
          yield* post(newPicture(), mo, "text", { headers: later, scope: `${write} ${moderate}` })
        )
        assertStatus(yield* get(moderators, yield* bearer(mo, moderate)), 200)
      }))

    it.effect("is asked for with a token and a UUID, in whichever case, and nothing else: 401, 400", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const location = locationOf(yield* post(newPicture(), ana, "text", { headers: later }))
        assertProblem(yield* get(location), 401, "unauthorized")
        assertProblem(yield* get(location, { authorization: "Bearer x" }), 401, "unauthorized")
        const author = yield* bearer(ana)
        assertStatus(yield* get(location.toUpperCase().replace("/COMMANDS/", "/commands/"), author), 200)
        assertProblem(yield* get("/commands/1", author), 400, "malformed-request")
        assertProblem(yield* get(`${location}?x=1`, author), 400, "malformed-request")
      }))

    it.effect("is told to HEAD without the body, and to no method that would change it", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const reply = yield* post(newPicture(), ana, "text", { headers: later })
        const location = locationOf(reply)
        const { token } = yield* doneOf(reply, ana)
        const author = yield* bearer(ana)
        const answer = assertStatus(yield* head(location, author), 200)
        assert.strictEqual(answer.headers["consistency-token"], token)
        assert.strictEqual(answer.headers["cache-control"], "no-store")
        const refused = yield* exchange({ method: "DELETE", path: location, headers: author })
        assertProblem(refused, 405, "method-not-allowed")
        const options = assertStatus(yield* exchange({ method: "OPTIONS", path: location }), 204)
        for (const { headers } of [refused, options]) assert.strictEqual(headers["allow"], "GET, HEAD, OPTIONS")
      }))

    it.effect("is nothing for a command that was never accepted: what can be checked before that is", () =>
      Effect.gen(function*() {
        const { authorId: ana, id } = yield* posted()
        const path = pageUrl(newPicture())
        const json = { ...later, "content-type": "application/json" }
        const author = { ...json, ...(yield* bearer(ana)) }
        const send = (headers: Readonly<Record<string, string>>, body = draft) =>
          exchange({ method: "POST", path, body, headers })
        assertProblem(yield* send(json), 401, "unauthorized")
        assertProblem(yield* send({ ...author, "content-type": "text/plain" }), 415, "unsupported-media-type")
        assertProblem(yield* send(author, "x".repeat(70_000)), 413, "content-too-large")
        assertProblem(yield* send(author, "{"), 400, "malformed-request")
        assertProblem(yield* send({ ...author, "idempotency-key": "a key" }), 400, "malformed-request")
        assertProblem(yield* send({ ...author, "if-match": "1" }), 400, "malformed-request")
        assertProblem(yield* send(author, JSON.stringify({ text: " " })), 422, "invalid-request")
        assertProblem(yield* edit(id, ana, "", { headers: later }), 422, "invalid-request")
        for (const reply of [yield* send(author)]) assert.deepInclude(jsonOf(reply), { status: "pending" })
      }))

    it.effect("is nothing for a command whose token doesn't allow it: 403", () =>
      Effect.gen(function*() {
        const reply = yield* post(newPicture(), yield* anybody, "text", { headers: later, scope: "openid" })
        assertProblem(reply, 403, "insufficient-scope")
      }))
  })
