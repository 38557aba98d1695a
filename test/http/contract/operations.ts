import { assert, describe } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { newPicture, posted } from "../comments.ts"
import { exchange, jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { get, head, pageUrl } from "../queries.ts"

const sample =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*")*\})? (?:NaN|[+-]?Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/

const decodeReadiness = Schema.decodeUnknownSync(
  Schema.Struct({ checks: Schema.Record(Schema.String, Schema.String) }),
  { onExcessProperty: "error" }
)

const knowNoOtherMethods = Effect.fnUntraced(function*(...paths: ReadonlyArray<string>) {
  for (const path of paths) {
    const reply = yield* exchange({ method: "POST", path })
    assertProblem(reply, 405, "method-not-allowed")
    assert.strictEqual(reply.headers["allow"], "GET, HEAD, OPTIONS")
  }
})

/** What is answered wherever all is behind one address. */
export const health: Part = (it) =>
  describe("Operators' addresses", () => {
    it.effect("tell that the process serves: GET /health/live", () =>
      Effect.gen(function*() {
        assertStatus(yield* get("/health/live"), 200)
        assertStatus(yield* head("/health/live"), 200)
      }))

    it.effect("tell that what is needed is there, check by check: GET /health/ready", () =>
      Effect.gen(function*() {
        const reply = assertStatus(yield* get("/health/ready"), 200)
        const checks = Object.values(decodeReadiness(jsonOf(reply)).checks)
        assert.deepStrictEqual(checks, checks.map(() => "up"))
        assert.isNotEmpty(checks)
        assert.strictEqual(reply.headers["cache-control"], "no-store")
        assertStatus(yield* head("/health/ready"), 200)
      }))

    it.effect("know no other methods, nor does the documentation: 405", () =>
      knowNoOtherMethods("/health/live", "/health/ready", "/openapi.json", "/docs"))
  })

/** What is answered by the one process that is all of it. */
export const metrics: Part = (it) =>
  describe("Metrics", () => {
    it.effect("measure, in the text format of Prometheus: GET /metrics", () =>
      Effect.gen(function*() {
        const { id } = yield* posted()
        assertStatus(yield* get(pageUrl(newPicture())), 200)
        const reply = assertStatus(yield* get("/metrics"), 200)
        assert.match(reply.headers["content-type"] ?? "", /^text\/plain; version=0\.0\.4/)
        for (const line of reply.text.split("\n")) if (line !== "" && !line.startsWith("#")) assert.match(line, sample)
        assert.match(reply.text, /^http_requests_total\{[^}]*route="\/pictures\/:pictureId\/comments"[^}]*\} \d+$/m)
        assert.notInclude(reply.text, id)
      }))

    it.effect("know no other methods: 405", () => knowNoOtherMethods("/metrics"))
  })
