import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, deleted, edit, posted, remove, unknownId } from "../comments.ts"
import { exchange } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, somebodyElse } from "../people.ts"
import { after, commentUrl, get, head, pageUrl } from "../queries.ts"

const problems = [
  "malformed-request",
  "unauthorized",
  "insufficient-scope",
  "not-the-author",
  "route-not-found",
  "comment-not-found",
  "method-not-allowed",
  "too-much-contention",
  "comment-deleted",
  "version-mismatch",
  "content-too-large",
  "unsupported-media-type",
  "invalid-request",
  "idempotency-key-reused",
  "internal-error",
  "service-unavailable",
  "read-model-behind",
  "projection-parked"
]

export const answers: Part = (it) =>
  describe("Answers", () => {
    it.effect("carry X-Request-Id: the client's, if it is safe", () =>
      Effect.gen(function*() {
        const path = commentUrl(unknownId())
        for (const id of ["a", "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "A.b_c-1", "x".repeat(128)]) {
          assert.strictEqual((yield* get(path, { "x-request-id": id })).headers["x-request-id"], id)
        }
        // With a token: what a gateway refuses doesn't come to a service.
        const headers = { ...(yield* bearer(yield* anybody)), "x-request-id": "mine" }
        for (const method of ["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"]) {
          const reply = yield* exchange({ method, path: pageUrl("a"), headers })
          assert.strictEqual(reply.headers["x-request-id"], "mine")
        }
      }))

    it.effect("carry one of the service's own for an unsafe one, and for none; no two are the same", () =>
      Effect.gen(function*() {
        const path = commentUrl(unknownId())
        const unsafe = [
          "",
          "a b",
          "x".repeat(129),
          "\"a\"",
          "a\\nb",
          "<script>",
          "caf\u00e9",
          "a,b",
          "{{7*7}}",
          "a;b",
          "a/b"
        ]
        const ids = new Set<string>()
        for (const id of unsafe) {
          const reply = yield* get(path, { "x-request-id": id })
          assert.notInclude(reply.text, id === "" ? "\u0000" : id)
          ids.add(reply.headers["x-request-id"] ?? "")
        }
        ids.add((yield* get(path)).headers["x-request-id"] ?? "")
        assert.strictEqual(ids.size, unsafe.length + 1)
        for (const id of unsafe) assert.isFalse(ids.has(id))
      }))

    it.effect("are GET's for a comment: 200, 404 if it never existed, 410 if it was deleted", () =>
      Effect.gen(function*() {
        const [there, gone] = [yield* posted(), yield* deleted()]
        assertStatus(yield* get(commentUrl(there.id), after(there.token)), 200)
        assertProblem(yield* get(commentUrl(unknownId())), 404, "comment-not-found")
        const reply = yield* get(commentUrl(gone.id), after(gone.token))
        assertProblem(reply, 410, "comment-deleted")
        assert.notInclude(reply.text, gone.text)
      }))

    it.effect("of queries need no token but for a history, and look at none", () =>
      Effect.gen(function*() {
        const { authorId, id, pictureId, token } = yield* posted()
        const urls = [
          pageUrl(pictureId),
          `/pictures/${pictureId}/comments/count`,
          `/comment-counts?pictureId=${pictureId}`,
          `/users/${authorId}/comments`,
          commentUrl(id)
        ]
        for (const url of urls) {
          for (const authorization of ["Bearer x", "Basic eDp5", ""]) {
            assertStatus(yield* get(url, { ...after(token), authorization }), 200)
          }
        }
      }))

    it.effect("have a page for each problem's type that explains it, served as HTML", () =>
      Effect.gen(function*() {
        for (const name of problems) {
          const page = assertStatus(yield* get(`/problems/${name}`), 200)
          assert.match(page.headers["content-type"] ?? "", /^text\/html; ?charset=utf-8$/i)
          assert.include(page.text, `/problems/${name}`)
          assertStatus(yield* head(`/problems/${name}`), 200)
        }
        for (const name of ["no-such-problem", "constructor", "__proto__", "toString"]) {
          assertProblem(yield* get(`/problems/${name}`), 404, "route-not-found")
        }
      }))

    it.effect("tell everybody the same of a comment that isn't theirs", () =>
      Effect.gen(function*() {
        const { id, text } = yield* posted()
        const other = yield* somebodyElse
        for (const reply of [yield* edit(id, other, "text"), yield* remove(id, other)]) {
          assertProblem(reply, 403, "not-the-author")
          assert.notInclude(reply.text, text)
          assert.isUndefined(reply.headers["etag"])
        }
      }))
  })
