import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, deleted, edit, moderate, newKey, posted, remove, unknownId } from "../comments.ts"
import type { Exchange, Reply } from "../exchange.ts"
import { exchange } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, moderator, somebodyElse } from "../people.ts"

/** What a request is made of; each part may have a fault of its own. */
interface Parts {
  readonly token: Readonly<Record<string, string>>
  readonly path: string
  readonly type: string
  readonly body: string
  readonly key: string
}

type Step = readonly [mended: Partial<Parts>, status: number, problem: string]

/** Mends one fault after the other, and asserts which of those that are left is answered. */
const mendStepByStep = Effect.fnUntraced(function*(method: string, worst: Parts, steps: ReadonlyArray<Step>) {
  const parts = { ...worst }
  for (const [mended, status, problem] of steps) {
    const { body, key, path, token, type } = Object.assign(parts, mended)
    const request: Exchange = {
      method,
      path,
      body,
      headers: { ...token, "content-type": type, "idempotency-key": key, "if-match": "\"99\"" }
    }
    assertProblem(yield* exchange(request), status, problem)
  }
})

const huge = `{"text":"","x":${"1".repeat(70_000)}`

const bodyFaults = (goodPath: string): ReadonlyArray<Step> => [
  [{ type: "application/json" }, 413, "content-too-large"],
  [{ body: "{\"text\":\"\"" }, 400, "malformed-request"],
  [{ path: goodPath }, 400, "malformed-request"],
  [{ key: newKey() }, 400, "malformed-request"],
  [{ body: "{\"text\":\"\",\"x\":1}" }, 422, "invalid-request"]
]

export const precedence: Part = (it) =>
  describe("The checks", () => {
    it.effect("of POST: 401, 403, route 404, 415, 413, 400, 422, If-Match 412", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        yield* mendStepByStep("POST", {
          token: {},
          path: "/pictures/a%20b/comment",
          type: "text/plain",
          body: huge,
          key: "a key"
        }, [
          [{}, 401, "unauthorized"],
          [{ token: yield* bearer(ana, "openid") }, 403, "insufficient-scope"],
          [{ token: yield* bearer(ana) }, 404, "route-not-found"],
          [{ path: "/pictures/a%20b/comments" }, 415, "unsupported-media-type"],
          ...bodyFaults("/pictures/a/comments"),
          [{ body: "{\"text\":\"text\"}" }, 412, "version-mismatch"]
        ])
      }))

    it.effect("of PATCH: 401, 403, route 404, 415, 413, 400, 422, 404, 410, owner 403, If-Match 412", () =>
      Effect.gen(function*() {
        const [ana, gone] = [yield* anybody, yield* deleted()]
        const others = yield* posted({ by: yield* somebodyElse })
        const own = yield* posted({ by: ana })
        yield* mendStepByStep("PATCH", {
          token: {},
          path: "/comment/1",
          type: "text/plain",
          body: huge,
          key: "a key"
        }, [
          [{}, 401, "unauthorized"],
          [{ token: yield* bearer(ana, "openid") }, 403, "insufficient-scope"],
          [{ token: yield* bearer(ana) }, 404, "route-not-found"],
          [{ path: "/comments/1" }, 415, "unsupported-media-type"],
          ...bodyFaults(`/comments/${unknownId()}`),
          [{ body: JSON.stringify({ text: own.text }) }, 404, "comment-not-found"],
          [{ path: `/comments/${gone.id}` }, 410, "comment-deleted"],
          [{ path: `/comments/${others.id}` }, 403, "not-the-author"],
          // The text is the one that it has: a no-op, if the condition didn't come before that.
          [{ path: `/comments/${own.id}` }, 412, "version-mismatch"]
        ])
      }))

    it.effect("of DELETE: 401, 403, route 404, 413, 400, 404, deleted 204, owner 403, If-Match 412", () =>
      Effect.gen(function*() {
        const [ana, gone] = [yield* anybody, yield* deleted()]
        const others = yield* posted({ by: yield* somebodyElse })
        const own = yield* posted({ by: ana })
        yield* mendStepByStep("DELETE", {
          token: {},
          path: "/comment/1",
          type: "text/plain",
          body: huge,
          key: "a key"
        }, [
          [{}, 401, "unauthorized"],
          [{ token: yield* bearer(ana, "openid") }, 403, "insufficient-scope"],
          [{ token: yield* bearer(ana) }, 404, "route-not-found"],
          [{ path: "/comments/1" }, 413, "content-too-large"],
          [{ body: "" }, 400, "malformed-request"],
          [{ path: `/comments/${unknownId()}` }, 400, "malformed-request"],
          [{ key: newKey() }, 404, "comment-not-found"],
          [{ path: `/comments/${others.id}` }, 403, "not-the-author"],
          [{ path: `/comments/${own.id}` }, 412, "version-mismatch"]
        ])
        assertStatus(yield* remove(gone.id, ana, { headers: { "if-match": "\"99\"" } }), 204)
      }))

    it.effect("are the same of what a moderator deletes: If-Match 412", () =>
      Effect.gen(function*() {
        const { id } = yield* posted()
        const headers = { "if-match": "\"99\"" }
        const reply = yield* remove(id, yield* moderator, { headers, scope: moderate })
        assertProblem(reply, 412, "version-mismatch")
      }))

    it.effect("puts 422 for a bad text before a replay, and a replay before all that the comment's state decides", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const key = newKey()
        const headers = { "idempotency-key": key, "if-match": "\"1\"" }
        assertStatus(yield* edit(id, authorId, "two", { headers }), 200)
        assertStatus(yield* remove(id, authorId), 204)
        assertProblem(yield* edit(id, authorId, "", { headers }), 422, "invalid-request")
        assertProblem(
          yield* edit(id, authorId, "two", { headers: { ...headers, "if-match": "1" } }),
          400,
          "malformed-request"
        )
        const replayed: Reply = assertStatus(yield* edit(id, authorId, "two", { headers }), 200)
        assert.strictEqual(replayed.headers["idempotency-replayed"], "true")
        assertProblem(yield* edit(id, authorId, "other", { headers }), 422, "idempotency-key-reused")
        assertProblem(yield* edit(id, yield* somebodyElse, "two", { headers }), 410, "comment-deleted")
      }))
  })
