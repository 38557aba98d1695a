import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, newPicture, unknownId } from "../comments.ts"
import type { Part } from "../Part.ts"
import { newUser } from "../people.ts"
import { get, pageUrl } from "../queries.ts"
import { answersTo, connect, repliesIn } from "../rawConnection.ts"

const request = (line: string, ...headers: ReadonlyArray<string>): string =>
  [line, ...headers].map((one) => `${one}\r\n`).join("") + "\r\n"

const page = `GET ${pageUrl("a")} HTTP/1.1`

/** Sends what can't be understood: it is told so, and the connection is closed. */
const refusal = Effect.fnUntraced(function*(bytes: string | Uint8Array) {
  const { all, write } = yield* connect
  yield* write(bytes)
  const replies = repliesIn(yield* all)
  assert.lengthOf(replies, 1)
  const [reply] = replies
  assert(reply !== undefined)
  assert.strictEqual(reply.headers["connection"], "close")
  return reply
}, Effect.scoped)

export const hostileRequests: Part = (it) =>
  describe("What can't be understood", () => {
    it.effect("isn't HTTP at all: 400", () =>
      Effect.gen(function*() {
        const others = [
          "\r\n\r\nhello\r\n\r\n",
          "SSH-2.0-OpenSSH_9.9\r\n",
          "*1\r\n$4\r\nPING\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          Buffer.from("16030100f5010000f1030320", "hex"),
          Buffer.alloc(100),
          Buffer.alloc(100, 0xff),
          "GET\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n",
          "GET / FTP/1.1\r\n\r\n",
          "YIKES / HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /pictures/a b/comments HTTP/1.1\r\nHost: x\r\n\r\n"
        ]
        for (const bytes of others) assertProblem(yield* refusal(bytes), 400, "malformed-request")
      }))

    it.effect("has headers that nobody could trust: 400", () =>
      Effect.gen(function*() {
        const wrong = [
          ["Content-Length: 5", "Transfer-Encoding: chunked"],
          ["Content-Length: 5", "Content-Length: 6"],
          ["Content-Length: five"],
          ["Content-Length: -1"],
          ["Transfer-Encoding: chunked, identity"],
          ["X Y: 1"],
          ["X-Y : 1"],
          ["X-Y: a\u0000b"],
          ["no colon"]
        ]
        for (const headers of wrong) {
          const bytes = request(`POST ${pageUrl("a")} HTTP/1.1`, "Host: x", ...headers)
          assertProblem(yield* refusal(bytes), 400, "malformed-request")
        }
      }))

    it.effect("is an HTTP/1.1 request without a host: 400", () =>
      Effect.gen(function*() {
        const [reply] = yield* answersTo(request(page))
        assert(reply !== undefined)
        assertProblem(reply, 400, "malformed-request")
        const [older] = yield* answersTo(request(`GET ${pageUrl("a")} HTTP/1.0`))
        assert(older !== undefined)
        assertStatus(older, 200)
      }))

    it.effect("has more headers, or a longer address, than anybody needs: 431", () =>
      Effect.gen(function*() {
        const long = "x".repeat(20_000)
        const many = Array.from({ length: 2000 }, (_, index) => `X-${index}: ${index}`)
        const tooMuch = [
          request(page, "Host: x", `X-Long: ${long}`),
          request(page, "Host: x", ...many),
          request(page, "Host: x", ...many.slice(0, 250)),
          request(`GET /comments/${long} HTTP/1.1`, "Host: x"),
          request(`GET /comments/${unknownId()}?${long} HTTP/1.1`, "Host: x")
        ]
        for (const bytes of tooMuch) {
          assertProblem(yield* refusal(bytes), 431, "request-header-fields-too-large")
        }
        assertStatus(yield* get("/problems/request-header-fields-too-large"), 200)
        assertStatus(yield* get("/problems/request-timeout"), 200)
      }))

    it.effect("has a body that isn't chunked as it says: 400, and nothing is posted", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const { authorization } = yield* bearer(newUser())
        const post = request(
          `POST ${pageUrl(picture)} HTTP/1.1`,
          "Host: x",
          `Authorization: ${authorization}`,
          "Content-Type: application/json",
          "Transfer-Encoding: chunked"
        )
        for (const body of ["zz\r\n{}\r\n0\r\n\r\n", "5\r\n{\"text\":\"text\"}\r\n0\r\n\r\n", "-1\r\n\r\n"]) {
          const { until, write } = yield* connect
          yield* write(`${post}${body}`)
          const [reply] = repliesIn(yield* until((received) => repliesIn(received).length > 0))
          assert(reply !== undefined)
          assertProblem(reply, 400, "malformed-request")
        }
        assert.include((yield* get(pageUrl(picture))).text, "\"count\":0")
      }))

    it.effect("expects something unknown, wants another protocol or method, or is unusual: it is answered all the same", () =>
      Effect.gen(function*() {
        const { authorization } = yield* bearer(newUser())
        const body = "{\"text\":\"text\"}"
        const post = (...more: ReadonlyArray<string>) =>
          request(
            `POST ${pageUrl(newPicture())} HTTP/1.1`,
            "Host: x",
            `Authorization: ${authorization}`,
            "Content-Type: application/json",
            ...more
          )
        const upgrade = [
          "Connection: Upgrade, HTTP2-Settings",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"
        ]
        const known = [
          [request(page, "Host: x", "Expect: 200-ok"), 200],
          [request(page, "Host: x", ...upgrade), 200],
          [request(page, "Host: x", "Connection: Upgrade", "Upgrade: websocket"), 200],
          [post(...upgrade, `Content-Length: ${body.length}`) + body, 201],
          [post(...upgrade, "Transfer-Encoding: chunked") + `f\r\n${body}\r\n0\r\n\r\n`, 201],
          [request("OPTIONS * HTTP/1.1", "Host: x"), 404],
          [request(`GET http://example.org${pageUrl("a")} HTTP/1.1`, "Host: x"), 200],
          [request(`QUERY ${pageUrl("a")} HTTP/1.1`, "Host: x"), 405],
          [request(`PROPFIND ${pageUrl("a")} HTTP/1.1`, "Host: x"), 405],
          [request(`TRACE ${pageUrl("a")} HTTP/1.1`, "Host: x"), 405]
        ] as const
        for (const [bytes, status] of known) {
          const [reply] = yield* answersTo(bytes)
          assert(reply !== undefined)
          assertStatus(reply, status)
        }
      }))
  })
