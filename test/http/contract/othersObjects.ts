import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { doneOf, later, laterUnder, locationOf, rejectedOf } from "../accepted.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import {
  bearer,
  commentOf,
  deleted,
  edit,
  newKey,
  newPicture,
  post,
  posted,
  remove,
  tokenOf,
  unknownId
} from "../comments.ts"
import { exchange, type Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, somebodyElse } from "../people.ts"
import { after, commentUrl, get, historyAfter, historyUrl, pageOf, pageUrl, userUrl } from "../queries.ts"

/** Asserts that an answer tells nothing of a comment but that it isn't the caller's. */
const assertOthers = (reply: Reply) => {
  assertProblem(reply, 403, "not-the-author")
  for (const name of ["consistency-token", "etag", "idempotency-replayed", "location"]) {
    assert.isUndefined(reply.headers[name], name)
  }
}

export const othersObjects: Part = (it) =>
  describe("What is somebody else's", () => {
    it.effect("isn't opened by their idempotency key: it is another key for another caller", () =>
      Effect.gen(function*() {
        const [picture, key, removing] = [newPicture(), newKey(), newKey()]
        const [ana, other] = [yield* anybody, yield* somebodyElse]
        const under = { headers: { "idempotency-key": key } }
        const { id } = commentOf(yield* post(picture, ana, "one", under))
        const own = assertStatus(yield* post(picture, other, "one", under), 201)
        assert.notStrictEqual(commentOf(own).id, id)
        assert.strictEqual(commentOf(own).authorId, other)
        assertStatus(yield* edit(id, ana, "two", under), 200)
        assertOthers(yield* edit(id, other, "two", under))
        assertOthers(yield* remove(id, other, under))
        const gone = { headers: { "idempotency-key": removing } }
        const token = tokenOf(assertStatus(yield* remove(id, ana, gone), 204))
        const repeated = assertStatus(yield* remove(id, other, gone), 204)
        assert.isUndefined(repeated.headers["idempotency-replayed"], "it is deleted already, and that isn't theirs")
        assert.lengthOf(yield* historyAfter(id, ana, token), 3)
      }))

    it.effect("isn't found by a command's id, be it derived from a key that both use", () =>
      Effect.gen(function*() {
        const [ana, other, key] = [yield* anybody, yield* somebodyElse, newKey()]
        const accepted = yield* post(newPicture(), ana, "text", { headers: laterUnder(key) })
        const others = yield* post(newPicture(), other, "text", { headers: laterUnder(key) })
        assert.notStrictEqual(locationOf(accepted), locationOf(others))
        yield* doneOf(accepted, ana)
        const hidden = yield* get(locationOf(accepted), yield* bearer(other))
        const unknown = yield* get(`/commands/${unknownId()}`, yield* bearer(other))
        assertProblem(hidden, 404, "command-not-found")
        assert.strictEqual(hidden.text, unknown.text)
        assert.deepStrictEqual(Object.keys(hidden.headers).toSorted(), Object.keys(unknown.headers).toSorted())
      }))

    it.effect("isn't changed by a command that is decided later, whose rejection is its sender's to see", () =>
      Effect.gen(function*() {
        const { authorId: ana, id } = yield* posted()
        const other = yield* somebodyElse
        for (const send of [edit(id, other, "mine", { headers: later }), remove(id, other, { headers: later })]) {
          const reply = yield* send
          const { problem, token } = yield* rejectedOf(reply, other)
          assert.strictEqual(problem.type, "/problems/not-the-author")
          assert.isUndefined(token)
          assertProblem(yield* get(locationOf(reply), yield* bearer(ana)), 404, "command-not-found")
        }
        const changed = assertStatus(yield* edit(id, ana, "still mine"), 200)
        assert.strictEqual(commentOf(changed).version, 2)
      }))

    it.effect("has one address, and is under no other picture's or user's", () =>
      Effect.gen(function*() {
        const { id, token } = yield* posted()
        const elsewhere = [`${pageUrl(newPicture())}/${id}`, `${userUrl(yield* anybody)}/${id}`]
        for (const path of elsewhere) {
          assertProblem(yield* get(path, after(token)), 404, "route-not-found")
          for (const method of ["PATCH", "DELETE"]) {
            const reply = yield* exchange({ method, path, headers: yield* bearer(yield* anybody) })
            assertProblem(reply, 404, "route-not-found")
          }
        }
      }))

    it.effect("isn't walked into by a cursor of another list", () =>
      Effect.gen(function*() {
        const [picture, other] = [newPicture(), newPicture()]
        const ana = yield* anybody
        const tokens: Array<string> = []
        for (const where of [picture, picture, other]) tokens.push((yield* posted({ by: ana, picture: where })).token)
        const { nextCursor } = pageOf(yield* get(pageUrl(picture, "?limit=1"), after(...tokens)))
        assert(nextCursor !== null)
        const lists = [pageUrl(other, `?cursor=${nextCursor}`), userUrl(ana, `?cursor=${nextCursor}`)]
        for (const list of lists) assertProblem(yield* get(list), 400, "malformed-request")
        const own = pageOf(yield* get(userUrl(ana, "?limit=1"), after(...tokens))).nextCursor
        if (own !== null) {
          const others = userUrl(yield* somebodyElse, `?cursor=${own}`)
          assertProblem(yield* get(others), 400, "malformed-request")
        }
      }))

    it.effect("isn't opened by its author's consistency token, which only says what to wait for", () =>
      Effect.gen(function*() {
        const mine = yield* posted({ by: yield* somebodyElse })
        const { id, token } = yield* posted({ by: yield* anybody })
        const gone = yield* deleted({ by: yield* anybody })
        const other = yield* bearer(mine.authorId)
        for (const theirs of [{ id, token }, gone]) {
          assertOthers(yield* get(historyUrl(theirs.id), { ...other, ...after(theirs.token, mine.token) }))
          assertProblem(yield* get(historyUrl(theirs.id), after(theirs.token)), 401, "unauthorized")
        }
        const held = { ...other, "consistency-token": token }
        const reply = yield* exchange({ method: "DELETE", path: commentUrl(id), headers: held })
        assertOthers(reply)
      }))

    it.effect("is told from what never was only to whom the token allows the command at all", () =>
      Effect.gen(function*() {
        const { authorId: ana, id } = yield* posted()
        const other = yield* somebodyElse
        const answers = (id: string, headers: Record<string, string>) =>
          Effect.map(
            Effect.forEach(["PATCH", "DELETE"], (method) =>
              exchange({
                method,
                path: commentUrl(id),
                headers: { ...headers, "content-type": "application/json" },
                body: "{\"text\":\"mine\"}"
              })),
            (replies) => replies.map(({ status, text }) => `${status} ${text}`)
          )
        const reading = yield* bearer(ana, "")
        for (const headers of [{}, { authorization: "Bearer x" }, { ...reading }]) {
          assert.deepStrictEqual(yield* answers(id, headers), yield* answers(unknownId(), headers))
        }
        // Comments are there for all to see: whoever may write is told which it is.
        assertProblem(yield* edit(unknownId(), other, "mine"), 404, "comment-not-found")
        assertOthers(yield* edit(id, other, "mine"))
      }))
  })
