import { assert, describe, it } from "@effect/vitest"
import { HttpServerRequest } from "effect/http"
import { routable } from "../../../src/api/handlers/requestTarget.ts"

const request = (url: string) =>
  HttpServerRequest.fromWeb(new Request("http://localhost/", { headers: { "x-request-id": "mine" } })).modify({ url })

describe("A request's address, for the router", () => {
  it("has its semicolons escaped in the path, and only there", () => {
    assert.strictEqual(
      routable(request("/users/a;b;c/comments?cursor=x;y")).url,
      "/users/a%3Bb%3Bc/comments?cursor=x;y"
    )
  })

  it("has no end at a number sign", () => {
    assert.strictEqual(routable(request("/users/a#b?limit=1#c")).url, "/users/a%23b?limit=1%23c")
  })

  it("is left alone where there is nothing of the kind", () => {
    const plain = request("/users/a%3Bb/comments?limit=1&order=oldest")
    assert.strictEqual(routable(plain), plain)
  })

  it("is all that changes of the request", () => {
    assert.strictEqual(routable(request("/a;b")).headers["x-request-id"], "mine")
  })
})
