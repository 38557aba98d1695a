import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { bearer, unknownId } from "../http/comments.ts"
import { exchange } from "../http/exchange.ts"
import { newUser } from "../http/people.ts"
import { get, pageUrl } from "../http/queries.ts"

const addresses: ReadonlyArray<readonly [path: string, command: string, query: string]> = [
  [pageUrl("a"), "POST, OPTIONS", "GET, HEAD, OPTIONS"],
  [`/comments/${unknownId()}`, "PATCH, DELETE, OPTIONS", "GET, HEAD, OPTIONS"],
  ["/users/ana/comments", "OPTIONS", "GET, HEAD, OPTIONS"]
]

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
  for (const path of ["/health/live", "/health/ready", "/metrics", "/no/such/address"]) {
    assertProblem(yield* get(path), 404, "route-not-found")
  }
})

/** What is answered on the port of its management. */
export const isManagement = Effect.gen(function*() {
  assertStatus(yield* get("/health/live"), 200)
  assert.match(assertStatus(yield* get("/metrics"), 200).text, /^http_requests_total\{/m)
  assertProblem(yield* get(pageUrl("a")), 404, "route-not-found")
  assertProblem(yield* exchange({ method: "POST", path: "/health/live" }), 405, "method-not-allowed")
})
