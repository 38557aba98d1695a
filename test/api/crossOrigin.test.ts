import { assert, describe, it } from "@effect/vitest"
import { crossOriginRules } from "../../src/api/crossOrigin.ts"

describe("The rules for pages of other origins", () => {
  it("allow every method and every request header of the HTTP contract, and no other", () => {
    assert.deepStrictEqual(crossOriginRules.methods, ["DELETE", "GET", "HEAD", "PATCH", "POST"])
    assert.deepStrictEqual(crossOriginRules.requestHeaders, [
      "authorization",
      "consistency-token",
      "content-type",
      "idempotency-key",
      "if-match",
      "if-none-match",
      "prefer"
    ])
  })

  it("expose every header that the HTTP contract promises of answers, but those that any page may read", () => {
    assert.deepStrictEqual(crossOriginRules.exposedHeaders, [
      "allow",
      "consistency-token",
      "etag",
      "idempotency-replayed",
      "link",
      "location",
      "preference-applied",
      "ratelimit",
      "ratelimit-policy",
      "retry-after",
      "www-authenticate",
      "x-request-id"
    ])
  })

  it("let a preflight's answer be remembered for as long as API Gateway allows at most, or less", () => {
    assert.isAtLeast(crossOriginRules.maxAge, 60)
    assert.isAtMost(crossOriginRules.maxAge, 86_400)
  })
})
