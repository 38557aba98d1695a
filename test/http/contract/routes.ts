import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, command, newPicture, posted, unknownId } from "../comments.ts"
import { exchange } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, newUser } from "../people.ts"
import { after, get, head, pageUrl } from "../queries.ts"

const served: ReadonlyArray<readonly [path: string, methods: ReadonlyArray<string>]> = [
  [pageUrl("a"), ["GET", "HEAD", "POST"]],
  ["/pictures/a/comments/count", ["GET", "HEAD"]],
  ["/comment-counts", ["GET", "HEAD"]],
  ["/users/ana/comments", ["GET", "HEAD"]],
  [`/comments/${unknownId()}`, ["DELETE", "GET", "HEAD", "PATCH"]],
  [`/comments/${unknownId()}/history`, ["GET", "HEAD"]]
]

const allowed = (allow = ""): ReadonlyArray<string> =>
  allow.split(",").map((method) => method.trim()).filter((method) => method !== "OPTIONS").toSorted()

const unknown = [
  "/",
  "/comments",
  "/pictures",
  "/pictures/a",
  "/users/ana",
  "/comments/a/b",
  `/comments/${unknownId()}/history/1`,
  "/Pictures/a/comments",
  "/pictures/a/Comments",
  "/pictures/a/comments/",
  "//pictures/a/comments",
  "/pictures/a//comments",
  "/comment-counts/",
  "/favicon.ico",
  "/.env",
  "/%2e%2e/etc/passwd"
]

export const routes: Part = (it) =>
  describe("Addresses", () => {
    it.effect("that aren't known are 404", () =>
      Effect.gen(function*() {
        const token = yield* bearer(yield* anybody)
        for (const path of unknown) {
          assertProblem(yield* get(path), 404, "route-not-found")
          assertStatus(yield* head(path), 404)
          for (const method of ["POST", "PATCH", "DELETE", "PUT"]) {
            assertProblem(yield* exchange({ method, path, headers: token }), 404, "route-not-found")
          }
        }
      }))

    it.effect("with another method are 405, with what is allowed", () =>
      Effect.gen(function*() {
        const headers = { ...(yield* bearer(yield* anybody)), "content-type": "application/json" }
        for (const [path, methods] of served) {
          for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
            if (methods.includes(method)) continue
            const reply = yield* exchange({ method, path, headers, body: "{}" })
            assertProblem(reply, 405, "method-not-allowed")
            assert.deepStrictEqual(allowed(reply.headers["allow"]), methods)
          }
        }
      }))

    it.effect("say by OPTIONS what they allow", () =>
      Effect.gen(function*() {
        for (const [path, methods] of served) {
          const reply = assertStatus(yield* exchange({ method: "OPTIONS", path }), 204)
          assert.deepStrictEqual(allowed(reply.headers["allow"]), methods)
        }
        assertProblem(yield* exchange({ method: "OPTIONS", path: "/no/such/address" }), 404, "route-not-found")
      }))

    it.effect("have paths that are percent-encoded UTF-8: anything else is 400", () =>
      Effect.gen(function*() {
        for (
          const path of [
            "/users/%/comments",
            "/users/%zz/comments",
            "/users/a%2/comments",
            "/users/%ff/comments",
            "/users/%c3%28/comments"
          ]
        ) {
          assertProblem(yield* get(path), 400, "malformed-request")
        }
      }))

    it.effect("may have any character of a path segment in a user's name", () =>
      Effect.gen(function*() {
        const by = `${newUser()};v=1,a&b=c@d:e!$'()*+`
        const { id, token } = yield* posted({ by })
        const path = `/users/${encodeURI(by).replaceAll("%25", "%")}/comments`
        assert.include(path, ";v=1")
        assert.include(assertStatus(yield* get(path, after(token)), 200).text, id)
      }))

    it.effect("know their query parameters, and refuse any other by name", () =>
      Effect.gen(function*() {
        const [by, picture] = [yield* anybody, newPicture()]
        const { id } = yield* posted({ by, picture })
        const paths = [
          `/comments/${id}`,
          `/comments/${id}/history`,
          `/pictures/${picture}/comments/count`,
          pageUrl(picture)
        ]
        for (const path of paths) {
          const { errors } = assertProblem(yield* get(`${path}?foo=1`, yield* bearer(by)), 400, "malformed-request")
          assert.deepStrictEqual(errors.map(({ pointer }) => pointer), ["foo"], path)
        }
        const body = JSON.stringify({ text: "one" })
        for (
          const [method, path] of [["POST", pageUrl(picture)], ["PATCH", `/comments/${id}`], [
            "DELETE",
            `/comments/${id}`
          ]]
        ) {
          const reply = yield* command({
            method: method ?? "",
            path: `${path}?foo=1`,
            by,
            ...(method === "DELETE" ? {} : { body })
          })
          assertProblem(reply, 400, "malformed-request")
        }
      }))
  })
