import { assert, describe, it } from "@effect/vitest"
import { findGatewayRoute, gatewayRoutes } from "../../src/api/gatewayRoutes.ts"

const id = "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"

const keysOf = (needsToken: boolean) =>
  gatewayRoutes.filter((route) => route.needsToken === needsToken).map(({ key, service }) => `${key} -> ${service}`)

describe("The gateway's routes", () => {
  it("look at the token of every command, of a command's outcome, and of a history; HEAD is wherever GET is", () => {
    assert.deepStrictEqual(keysOf(true), [
      "POST /pictures/{pictureId}/comments -> command",
      "PATCH /comments/{commentId} -> command",
      "DELETE /comments/{commentId} -> command",
      "GET /commands/{commandId} -> command",
      "HEAD /commands/{commandId} -> command",
      "GET /comments/{commentId}/history -> query",
      "HEAD /comments/{commentId}/history -> query"
    ])
  })

  it("lead all else that is read to queries, and all that is left to commands, without looking at it", () => {
    assert.deepStrictEqual(keysOf(false), ["GET /{proxy+} -> query", "HEAD /{proxy+} -> query", "$default -> command"])
  })

  it.each(
    [
      ["GET", `/commands/${id}`, "GET /commands/{commandId}"],
      ["HEAD", `/commands/${id}`, "HEAD /commands/{commandId}"],
      ["OPTIONS", `/commands/${id}`, "$default"],
      ["GET", "/commands", "GET /{proxy+}"],
      ["GET", "/commands/", "GET /{proxy+}"],
      ["GET", `/commands/${id}/more`, "GET /{proxy+}"],
      ["GET", `/comments/${id}`, "GET /{proxy+}"],
      ["HEAD", `/comments/${id}`, "HEAD /{proxy+}"],
      ["PATCH", `/comments/${id}`, "PATCH /comments/{commentId}"],
      ["PUT", `/comments/${id}`, "$default"],
      ["GET", `/comments/${id}/history`, "GET /comments/{commentId}/history"],
      ["HEAD", `/comments/${id}/history`, "HEAD /comments/{commentId}/history"],
      ["POST", `/comments/${id}/history`, "$default"],
      ["POST", "/pictures/sunset.42/comments", "POST /pictures/{pictureId}/comments"],
      ["POST", "/pictures//comments", "$default"],
      ["GET", "/pictures/a/comments/count", "GET /{proxy+}"],
      ["GET", "//pictures/a/comments", "GET /{proxy+}"],
      ["GET", "/docs", "GET /{proxy+}"],
      ["GET", "/", "$default"],
      ["HEAD", "/", "$default"],
      ["OPTIONS", "*", "$default"],
      ["get", "/docs", "$default"],
      ["DELETE", `/Comments/${id}`, "$default"]
    ] as const
  )("take %s %s by %s", (method, path, key) => {
    assert.strictEqual(findGatewayRoute(method, path).key, key)
  })
})
