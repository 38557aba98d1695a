import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import {
  commentOf,
  deleted,
  edit,
  moderate,
  newPicture,
  post,
  posted,
  remove,
  tokenOf,
  unknownId,
  write
} from "../comments.ts"
import { exchange, jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, moderator, newUser, somebodyElse } from "../people.ts"
import { after, commentUrl, get, historyAfter } from "../queries.ts"

export const commands: Part = (it) =>
  describe("Commands", () => {
    it.effect("POST: 201, the comment, and where it is", () =>
      Effect.gen(function*() {
        const reply = assertStatus(yield* post(newPicture(), yield* anybody, "What a light!"), 201)
        const { id } = commentOf(reply)
        assert.strictEqual(reply.headers["location"], `/comments/${id}`)
        assert.strictEqual(reply.headers["etag"], "\"1\"")
        assert.deepStrictEqual(
          jsonOf(yield* get(reply.headers["location"] ?? "", after(tokenOf(reply)))),
          jsonOf(reply)
        )
      }))

    it.effect("PATCH: 200, the comment", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const reply = assertStatus(yield* edit(id, authorId, "What a light it was!"), 200)
        assert.deepInclude(commentOf(reply), { id, text: "What a light it was!", version: 2 })
        assert.strictEqual(reply.headers["etag"], "\"2\"")
        assert.isUndefined(reply.headers["location"])
      }))

    it.effect("PATCH with the same text: 200, and nothing is changed or appended", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted({ text: "caf\u00e9" })
        const changed = yield* edit(id, authorId, "th\u00e9")
        const again = assertStatus(yield* edit(id, authorId, " the\u0301\r\n"), 200)
        assert.deepStrictEqual(jsonOf(again), jsonOf(changed))
        assert.strictEqual(again.headers["etag"], "\"2\"")
        assert.strictEqual((yield* historyAfter(id, authorId, tokenOf(again))).length, 2)
      }))

    it.effect("DELETE: 204; again: 204, and nothing is appended", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const first = assertStatus(yield* remove(id, authorId), 204)
        const second = assertStatus(yield* remove(id, authorId), 204)
        assert.isUndefined(first.headers["content-type"])
        assert.isUndefined(first.headers["etag"])
        const history = yield* historyAfter(id, authorId, tokenOf(second))
        assert.deepStrictEqual(history.map(({ type }) => type), ["CommentPosted", "CommentDeleted"])
      }))

    it.effect("DELETE of what is deleted: 204, whoever asks", () =>
      Effect.gen(function*() {
        const { id } = yield* deleted()
        assertStatus(yield* remove(id, yield* somebodyElse), 204)
      }))

    it.effect("PATCH of what is deleted: 410", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* deleted()
        assertProblem(yield* edit(id, authorId, "too late"), 410, "comment-deleted")
      }))

    it.effect("PATCH and DELETE of what never was: 404", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        assertProblem(yield* edit(unknownId(), ana, "text"), 404, "comment-not-found")
        assertProblem(yield* remove(unknownId(), ana), 404, "comment-not-found")
      }))

    it.effect("need a bearer token, all of them: 401 with a challenge", () =>
      Effect.gen(function*() {
        const { id, pictureId } = yield* posted()
        const body = JSON.stringify({ text: "text" })
        const json = { "content-type": "application/json" }
        const credentials = ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Token x", "Bearer x y"]
        for (const authorization of credentials) {
          const headers = authorization === "" ? json : { ...json, authorization }
          for (
            const request of [
              { method: "POST", path: `/pictures/${pictureId}/comments`, headers, body },
              { method: "PATCH", path: commentUrl(id), headers, body },
              { method: "DELETE", path: commentUrl(id), headers }
            ]
          ) {
            const reply = yield* exchange(request)
            assertProblem(reply, 401, "unauthorized")
            assert.match(reply.headers["www-authenticate"] ?? "", /^Bearer\b/)
          }
        }
      }))

    it.effect("need the scope comments:write: 403 with a challenge that names it", () =>
      Effect.gen(function*() {
        const { authorId, id, pictureId } = yield* posted()
        for (const scope of ["", "openid profile"]) {
          for (
            const reply of [
              yield* post(pictureId, authorId, "text", { scope }),
              yield* edit(id, authorId, "text", { scope }),
              yield* remove(id, authorId, { scope })
            ]
          ) {
            assertProblem(reply, 403, "insufficient-scope")
            assert.match(reply.headers["www-authenticate"] ?? "", /^Bearer .*insufficient_scope.*comments:write/)
          }
        }
        assertStatus(yield* edit(id, authorId, "text", { scope: `openid ${write} profile` }), 200)
      }))

    it.effect("need that very scope, and none like it: 403", () =>
      Effect.gen(function*() {
        const { authorId, id, pictureId } = yield* posted()
        for (const scope of ["comments", "comments:writer", "xcomments:write", "COMMENTS:WRITE"]) {
          for (
            const reply of [
              yield* post(pictureId, authorId, "text", { scope }),
              yield* edit(id, authorId, "text", { scope }),
              yield* remove(id, authorId, { scope })
            ]
          ) assertProblem(reply, 403, "insufficient-scope")
        }
        assertProblem(yield* post(pictureId, authorId, "text", { scope: moderate }), 403, "insufficient-scope")
        assertProblem(yield* edit(id, authorId, "text", { scope: moderate }), 403, "insufficient-scope")
      }))

    it.effect("on a comment are for its author only: 403", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const other = yield* somebodyElse
        assert.notStrictEqual(other, authorId)
        assertProblem(yield* edit(id, other, "not mine"), 403, "not-the-author")
        assertProblem(yield* remove(id, other), 403, "not-the-author")
      }))

    it.effect("on a comment aren't for somebody whose name differs in case only: 403", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted({ by: newUser() })
        assertProblem(yield* edit(id, authorId.toUpperCase(), "not mine"), 403, "not-the-author")
        assertProblem(yield* remove(id, authorId.toUpperCase()), 403, "not-the-author")
      }))

    it.effect("of a moderator may change nobody else's comment: 403", () =>
      Effect.gen(function*() {
        const { id } = yield* posted()
        const scope = `${write} ${moderate}`
        assertProblem(yield* edit(id, yield* moderator, "not mine", { scope }), 403, "not-the-author")
      }))

    it.effect("of a moderator may delete anybody's comment", () =>
      Effect.gen(function*() {
        for (const scope of [moderate, `${write} ${moderate}`]) {
          const { id } = yield* posted()
          const reply = assertStatus(yield* remove(id, yield* moderator, { scope }), 204)
          assertProblem(yield* get(commentUrl(id), after(tokenOf(reply))), 410, "comment-deleted")
        }
      }))

    it.effect("are answered with what no cache may keep", () =>
      Effect.gen(function*() {
        const created = yield* post(newPicture(), yield* anybody, "text")
        const { authorId, id } = commentOf(created)
        const replies = [
          created,
          yield* edit(id, authorId, "edited"),
          yield* edit(id, authorId, ""),
          yield* remove(id, authorId),
          yield* edit(id, authorId, "too late")
        ]
        assert.deepStrictEqual(replies.map(({ status }) => status), [201, 200, 422, 204, 410])
        for (const { headers } of replies) assert.strictEqual(headers["cache-control"], "no-store")
      }))

    it.effect("at the same time lose nobody's accepted change", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const edits = Array.from({ length: 20 }, (_, index) => `edit ${index}`)
        const replies = yield* Effect.forEach(edits, (text) => edit(id, authorId, text), { concurrency: "unbounded" })
        const contended = replies.filter(({ status }) => status === 409)
        for (const reply of contended) {
          assertProblem(reply, 409, "too-much-contention")
          assert.match(reply.headers["retry-after"] ?? "", /^\d+$/)
        }
        const accepted = replies.filter(({ status }) => status === 200)
        assert.strictEqual(accepted.length + contended.length, replies.length)
        const inOrder = accepted.toSorted((one, other) => commentOf(one).version - commentOf(other).version)
        const changes = inOrder.map(commentOf)
        assert.deepStrictEqual(changes.map(({ version }) => version), changes.map((_, index) => index + 2))
        const history = yield* historyAfter(id, authorId, inOrder.map(tokenOf).at(-1) ?? "")
        assert.deepStrictEqual(history.slice(1).map(({ text }) => text), changes.map(({ text }) => text))
      }))
  })
