import { assert } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { bearer, unknownId } from "../http/comments.ts"
import { exchange } from "../http/exchange.ts"
import { newUser } from "../http/people.ts"
import { get, pageUrl } from "../http/queries.ts"
import { developmentTestIssuer, goodClaims, sign } from "../support/TestIssuer.ts"
import { uselesslySigned } from "../support/uselessKeys.ts"

const addresses: ReadonlyArray<readonly [path: string, command: string, query: string]> = [
  [pageUrl("a"), "POST, OPTIONS", "GET, HEAD, OPTIONS"],
  [`/comments/${unknownId()}`, "PATCH, DELETE, OPTIONS", "GET, HEAD, OPTIONS"],
  ["/users/ana/comments", "OPTIONS", "GET, HEAD, OPTIONS"]
]

/** Nobody is believed by a key that its issuer publishes for something else, or that can't be used: 401, and the service is there. */
export const believesNoUselessKey = Effect.fnUntraced(function*(method: string, path: string) {
  const issuer = yield* developmentTestIssuer
  const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const unnamed = yield* sign(issuer, { alg: issuer.alg }, goodClaims(issuer, now))
  for (const [why, token] of [...yield* uselesslySigned(issuer, now), ["names none of several keys", unnamed]]) {
    const reply = yield* exchange({ method, path, headers: { authorization: `Bearer ${token}` } })
    assert.strictEqual(reply.status, 401, `A token that ${why}: ${reply.text}`)
  }
})

/** Nobody gets a development token: the address isn't known, with a token or without. */
export const givesOutNoTokens = Effect.gen(function*() {
  const ask = { method: "POST", path: "/dev/token", body: "{\"sub\":\"ana\"}" }
  const json = { "content-type": "application/json" }
  assertProblem(yield* exchange({ ...ask, headers: json }), 401, "unauthorized")
  const known = yield* exchange({ ...ask, headers: { ...json, ...(yield* bearer(newUser())) } })
  assertProblem(known, 404, "route-not-found")
  assertProblem(yield* get("/dev/token"), 404, "route-not-found")
})

/** What a service answers to the other service's methods, and to what neither serves. */
export const knowsBothContracts = Effect.fnUntraced(function*(own: "command" | "query") {
  const headers = yield* bearer(newUser())
  for (const [path, commands, queries] of addresses) {
    const other = own === "command" ? ["GET"] : commands.split(", ").filter((method) => method !== "OPTIONS")
    for (const method of other) {
      const reply = yield* exchange({ method, path, headers })
      assertProblem(reply, 405, "method-not-allowed")
      assert.strictEqual(reply.headers["allow"], own === "command" ? commands : queries)
    }
    const neither = yield* exchange({ method: "PUT", path, headers })
    assertProblem(neither, 405, "method-not-allowed")
    const options = assertStatus(yield* exchange({ method: "OPTIONS", path }), 204)
    assert.strictEqual(options.headers["allow"], neither.headers["allow"])
    const allowed = new Set([...commands.split(", "), ...queries.split(", ")])
    assert.sameMembers((options.headers["allow"] ?? "").split(", "), Array.from(allowed))
  }
  for (const path of ["/health/live", "/health/ready", "/metrics", "/.well-known/jwks.json", "/no/such/address"]) {
    assertProblem(yield* get(path), 404, "route-not-found")
  }
  yield* givesOutNoTokens
})

/** What is answered on the port of its management. */
export const isManagement = Effect.gen(function*() {
  assertStatus(yield* get("/health/live"), 200)
  assert.strictEqual((yield* get("/health/live", { "x-request-id": "mine" })).headers["x-request-id"], "mine")
  assert.match((yield* get("/health/live", { "x-request-id": "a b" })).headers["x-request-id"] ?? "", /^[a-z0-9-]+$/)
  assert.match(assertStatus(yield* get("/metrics"), 200).text, /^http_requests_total\{/m)
  assertProblem(yield* get(pageUrl("a")), 404, "route-not-found")
  assertProblem(yield* exchange({ method: "POST", path: "/health/live" }), 405, "method-not-allowed")
})
