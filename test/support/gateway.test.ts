import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpMethod } from "effect/http"
import * as jose from "jose"
import { gatewayRoutes } from "../../src/api/gatewayRoutes.ts"
import { makeGateway } from "./gateway.ts"
import { serve } from "./serve.ts"

const token = new jose.UnsecuredJWT({}).setSubject("ana").encode()

const requests = gatewayRoutes.map(({ key, needsToken }) => {
  const [, named, path = "/unknown"] = /^(\w+) (.+)$/.exec(key) ?? []
  const method = HttpMethod.isHttpMethod(named) ? named : "POST"
  return { key, method, path: path.replaceAll(/\{\w+\+?\}/g, "one"), needsToken }
})

/** Who answers a request, the gateway or the service behind it, and with what. */
const asked = Effect.fnUntraced(
  function*(method: HttpMethod.HttpMethod, path: string, headers: Readonly<Record<string, string>> = {}) {
    const { url } = yield* serve((_request, response) => response.writeHead(204).end())
    const gateway = yield* makeGateway(url)
    const answer = yield* HttpClient.execute(HttpClientRequest.make(method)(`${gateway}${path}`, { headers }))
    return ["apigw-requestid" in answer.headers ? "the gateway" : "the service", answer.status]
  },
  Effect.provide(FetchHttpClient.layer)
)

describe("The gateway of the tests", () => {
  it.effect.each(requests)("is like API Gateway: $key", ({ method, needsToken, path }) =>
    Effect.gen(function*() {
      const expected = needsToken ? ["the gateway", 401] : ["the service", 204]
      assert.deepStrictEqual(yield* asked(method, path), expected)
      assert.deepStrictEqual(yield* asked(method, path, { authorization: "Bearer no.token" }), expected)
      assert.deepStrictEqual(yield* asked(method, path, { authorization: `Bearer ${token}` }), ["the service", 204])
    }))

  it.effect("doesn't lead to operators' addresses", () =>
    Effect.gen(function*() {
      for (const path of ["/health/live", "/metrics"]) {
        assert.deepStrictEqual(yield* asked("GET", path), ["the gateway", 404])
      }
    }))
})
