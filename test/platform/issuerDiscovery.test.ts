import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { discoverKeysUrl } from "../../src/platform/issuerDiscovery.ts"

const issuer = "https://issuer.example/pool"

/** What is discovered of an issuer that says this of itself, and where it was asked. */
const discover = Effect.fnUntraced(function*(of: string, says: object) {
  const asked: Array<string> = []
  const client = HttpClient.make((request, url) =>
    Effect.sync(() => {
      asked.push(url.href)
      return HttpClientResponse.fromWeb(request, Response.json({ issuer: of, ...says }))
    })
  )
  const found = yield* discoverKeysUrl(client, of).pipe(
    Effect.match({ onSuccess: (url) => url, onFailure: ({ _tag }): string => _tag })
  )
  return { asked, found }
})

describe("What an issuer says of itself", () => {
  it.effect("is asked at its own address, and tells where its keys are, be it elsewhere", () =>
    Effect.gen(function*() {
      const keys = "https://keys.example/jwks.json"
      const { asked, found } = yield* discover(issuer, { jwks_uri: keys, other: [1] })
      assert.deepStrictEqual(asked, ["https://issuer.example/pool/.well-known/openid-configuration"])
      assert.strictEqual(found, keys)
    }))

  it.effect("must not lead from https to http, nor be of another issuer", () =>
    Effect.gen(function*() {
      const lies = [
        { jwks_uri: "http://issuer.example/keys" },
        { jwks_uri: "data:application/json,{}" },
        { jwks_uri: "/keys" },
        { jwks_uri: "https://issuer.example/keys", issuer: "https://issuer.example/pool2" }
      ]
      for (const says of lies) {
        assert.strictEqual((yield* discover(issuer, says)).found, "DiscoveryFailed", JSON.stringify(says))
      }
    }))

  it.effect("may lead to http where the issuer is known by http itself", () =>
    Effect.gen(function*() {
      const local = "http://127.0.0.1:9000"
      for (const keys of [`${local}/keys`, "http://keys:9090/", "https://keys.example/"]) {
        assert.strictEqual((yield* discover(local, { jwks_uri: keys })).found, keys)
      }
    }))

  it.effect("must not lead to http outside, where anybody on the way may answer", () =>
    Effect.gen(function*() {
      for (const keys of ["http://keys.example/", "http://8.8.8.8/keys", "HTTP://[2001:db8::1]/", "http://"]) {
        assert.strictEqual((yield* discover("http://entry:9090", { jwks_uri: keys })).found, "DiscoveryFailed", keys)
      }
    }))
})
