import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { crossOriginRules } from "../../../src/api/crossOrigin.ts"
import { gatewayRequestIdHeader } from "../../../src/api/gatewayLimits.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, newPicture, posted, unknownId } from "../comments.ts"
import { exchange, type Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { after, commentUrl, get, head, pageUrl } from "../queries.ts"

/** The origins that a deployment allows which these tests are about. */
export const allowedOrigins = ["https://gallery.example", "http://localhost:3000"] as const
const [gallery] = allowedOrigins

/** Origins that only look like those. */
const strangers = [
  "https://stranger.example",
  "https://gallery.example.stranger.example",
  "https://gallery.example:8443",
  "http://gallery.example",
  "HTTPS://GALLERY.EXAMPLE",
  "https://gallery.example, https://gallery.example",
  "https://gallery.example/",
  "null",
  "*",
  ""
]

const corsHeaders = ({ headers }: Reply): ReadonlyArray<string> =>
  Object.keys(headers).filter((name) => name.startsWith("access-control-"))

const listed = (value = ""): ReadonlyArray<string> => value.split(",").map((one) => one.trim()).toSorted()

const assertReadable = (reply: Reply, origin: string): Reply => {
  const { headers } = reply
  assert.strictEqual(headers["access-control-allow-origin"], origin)
  assert.strictEqual(headers["vary"], "Origin")
  assert.deepStrictEqual(corsHeaders(reply), ["access-control-allow-origin", "access-control-expose-headers"])
  assert.deepStrictEqual(listed(headers["access-control-expose-headers"]), crossOriginRules.exposedHeaders)
  return reply
}

const assertUnreadable = (reply: Reply): Reply => {
  assert.isEmpty(corsHeaders(reply))
  assert.isUndefined(reply.headers["set-cookie"])
  assert.strictEqual(reply.headers["vary"], "Origin")
  return reply
}

/** Asks as a page of an allowed origin, as others' pages and as no page does: only the first may read the answer. */
export const onlyForAllowed = Effect.fnUntraced(function*<E, R>(
  ask: (headers: Readonly<Record<string, string>>) => Effect.Effect<Reply, E, R>
) {
  const reply = assertUnreadable(yield* ask({}))
  for (const origin of allowedOrigins) {
    assert.strictEqual(assertReadable(yield* ask({ origin }), origin).status, reply.status)
  }
  for (const origin of strangers.slice(0, 2)) assertUnreadable(yield* ask({ origin }))
  return reply
})

const preflight = (path: string, origin: string, method = "POST") =>
  exchange({
    method: "OPTIONS",
    path,
    headers: {
      origin,
      "access-control-request-method": method,
      "access-control-request-headers": "authorization,content-type,idempotency-key"
    }
  })

/** What a preflight is answered at any address: all that the contract needs, and the same everywhere. */
export const answersPreflights = Effect.gen(function*() {
  const paths = [pageUrl("a"), commentUrl(unknownId()), "/no/such/address", "/users/%ff/comments", "/docs"]
  for (const path of paths) {
    for (const method of ["POST", "GET", "PUT", "no such method"]) {
      const reply = assertStatus(yield* preflight(path, gallery, method), 204)
      assert.strictEqual(reply.headers["access-control-allow-origin"], gallery)
      assert.strictEqual(reply.headers["vary"], "Origin")
      assert.deepStrictEqual(listed(reply.headers["access-control-allow-methods"]), crossOriginRules.methods)
      assert.deepStrictEqual(listed(reply.headers["access-control-allow-headers"]), crossOriginRules.requestHeaders)
      assert.strictEqual(reply.headers["access-control-max-age"], String(crossOriginRules.maxAge))
      assert.isUndefined(reply.headers["access-control-allow-credentials"])
      assert.isUndefined(reply.headers["www-authenticate"])
    }
    for (const origin of strangers) assertUnreadable(assertStatus(yield* preflight(path, origin), 204))
  }
})

/** What a deployment answers to browsers that allows `allowedOrigins`. */
export const browsers: Part = (it) =>
  describe("Pages of other origins", () => {
    it.effect("are told by a preflight what they may send, without a token and whatever they ask about", () =>
      answersPreflights)

    it.effect("come by TLS only, for a year", () =>
      Effect.gen(function*() {
        const path = pageUrl(newPicture())
        for (const reply of [yield* get(path), yield* get(path), yield* preflight(path, gallery), yield* get("/no")]) {
          assert.strictEqual(reply.headers["strict-transport-security"], "max-age=31536000")
        }
      }))

    it.effect("don't change what OPTIONS says that is no preflight", () =>
      Effect.gen(function*() {
        for (const headers of [{}, { origin: gallery }, { "access-control-request-method": "POST" }]) {
          const reply = assertStatus(yield* exchange({ method: "OPTIONS", path: pageUrl("a"), headers }), 204)
          assert.include(reply.headers["allow"], "POST")
          assert.isUndefined(reply.headers["access-control-allow-methods"])
        }
        const headers = { origin: gallery }
        assertProblem(yield* exchange({ method: "OPTIONS", path: "/no/such", headers }), 404, "route-not-found")
      }))

    it.effect("may read every answer if their origin is allowed, and none otherwise; caches know", () =>
      Effect.gen(function*() {
        const { authorId, id, pictureId, token } = yield* posted()
        const token_ = yield* bearer(authorId)
        const page = pageUrl(pictureId)
        const sent = { ...token_, "content-type": "application/json" }
        const { headers } = assertStatus(yield* get(page, after(token)), 200)
        const posting = (body: string, more = {}) => (origin: Readonly<Record<string, string>>) =>
          exchange({ method: "POST", path: page, headers: { ...sent, ...more, ...origin }, body })
        const asks: ReadonlyArray<readonly [number, ReturnType<typeof posting>]> = [
          [200, (origin) => get(page, origin)],
          [200, (origin) => head(page, origin)],
          [200, (origin) => get(page, { ...after(token), ...origin })],
          [304, (origin) => get(page, { "if-none-match": headers["etag"], ...origin })],
          [200, (origin) => get("/openapi.json", origin)],
          [200, (origin) => get("/problems/unauthorized", origin)],
          [404, (origin) => get(commentUrl(unknownId()), origin)],
          [404, (origin) => get("/no/such/address", origin)],
          [400, (origin) => get(`${page}?limit=0`, origin)],
          [201, posting("{\"text\":\"text\"}")],
          [202, posting("{\"text\":\"text\"}", { prefer: "respond-async" })],
          [400, posting("{")],
          [401, posting("{}", { authorization: "" })],
          [401, posting("{}", { authorization: "Bearer x" })],
          [413, posting("x".repeat(70_000))],
          [415, posting("{}", { "content-type": "text/plain" })],
          [422, posting("{}")],
          [405, (origin) => exchange({ method: "PUT", path: page, headers: { ...sent, ...origin } })],
          [412, (origin) =>
            exchange({ method: "DELETE", path: commentUrl(id), headers: { ...sent, "if-match": "\"9\"", ...origin } })]
        ]
        for (const [status, ask] of asks) {
          assertStatus(yield* onlyForAllowed(ask), status)
        }
      }))
  })

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** What holds for browsers wherever it is deployed. That every answer has its headers is looked at with every answer. */
export const documents: Part = (it) =>
  describe("A browser", () => {
    it.effect("runs the documentation's own scripts, byte for byte, and no others", () =>
      Effect.gen(function*() {
        const page = assertStatus(yield* get("/docs"), 200)
        const policy = page.headers["content-security-policy"]
        const scripts = Array.from(page.text.matchAll(/<script\b([^>]*)>(.*?)<\/script/gs))
        assert.lengthOf(scripts, 2)
        const hashes = scripts.map(([, attributes, script = ""]) => {
          assert.strictEqual(attributes, "")
          return hashOf(script)
        })
        const scripting = `default-src 'none'; script-src ${hashes.join(" ")}; style-src 'unsafe-inline'`
        const others = "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
        assert.strictEqual(policy, `${scripting}; ${others}; frame-ancestors 'none'`)
        assert.strictEqual((yield* head("/docs")).headers["content-security-policy"], policy)
      }))

    it.effect("runs nothing on a problem's page, and lays it out by the page's own style", () =>
      Effect.gen(function*() {
        const page = assertStatus(yield* get("/problems/unauthorized"), 200)
        const [, style = ""] = /<style>(.*?)<\/style>/s.exec(page.text) ?? []
        assert.strictEqual(
          page.headers["content-security-policy"],
          `default-src 'none'; style-src ${hashOf(style)}; frame-ancestors 'none'`
        )
        assert.notMatch(page.text, /<script|<img|<link|\bstyle=|\bon\w+=/)
      }))

    it.effect("gets the same headers by the lane for hot pages as by the route, and the same id", () =>
      Effect.gen(function*() {
        const { pictureId, token } = yield* posted()
        const path = pageUrl(pictureId)
        assertStatus(yield* get(path, after(token)), 200)
        // From here on it is in the cache.
        assertStatus(yield* get(path), 200)
        for (const origin of [undefined, gallery, "https://stranger.example"]) {
          const asked = { "x-request-id": "mine", ...(origin === undefined ? {} : { origin }) }
          // What doesn't match is for the route, and so is a query in another order.
          const lane = yield* get(path, asked)
          const route = yield* get(path, { ...asked, "if-none-match": "\"other\"" })
          assert.deepStrictEqual(namesAndValues(lane), namesAndValues(route))
          const etag = lane.headers["etag"] ?? ""
          const [fast, slow] = [
            yield* get(path, { ...asked, "if-none-match": etag }),
            yield* get(path, { ...asked, "if-none-match": `W/${etag}` })
          ]
          assert.deepStrictEqual(namesAndValues(assertStatus(fast, 304)), namesAndValues(assertStatus(slow, 304)))
        }
        for (const unsafe of ["a b", "x".repeat(129), "a\u00e9"]) {
          assert.match(
            (yield* get(path, { "x-request-id": unsafe })).headers["x-request-id"] ?? "",
            /^[a-z0-9-]{1,64}$/
          )
        }
      }))
  })

// RateLimit is for what reaches the route; the time of day isn't the answer's, nor is a gateway's own id.
const namesAndValues = ({ headers }: Reply) => {
  const { date: _, ratelimit: __, "ratelimit-policy": ___, [gatewayRequestIdHeader]: ____, ...rest } = headers
  return rest
}
