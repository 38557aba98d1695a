import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { moderateScope, writeScope } from "../../src/api/Authentication.ts"
import { configurationUrl } from "../../src/platform/issuerDiscovery.ts"
import { readTokens } from "../../src/platform/tokenSettings.ts"

const needed = { TOKEN_ISSUER: "https://issuer.example/pool", TOKEN_AUDIENCE: "client" }

const read = (more: Readonly<Record<string, string>>) =>
  Effect.provideService(readTokens, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({ ...needed, ...more }))

const refused = (more: Readonly<Record<string, string>>) =>
  Effect.map(Effect.flip(read(more)), ({ variable }) => variable)

describe("Settings of tokens", () => {
  it.effect("have the contract's own names for what isn't said", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read({}), {
        issuer: "https://issuer.example/pool",
        audience: "client",
        audienceClaim: "aud",
        scopes: { write: writeScope, moderate: moderateScope },
        jwksUrl: undefined
      })
    }))

  it.effect("take what Cognito's access tokens need", () =>
    Effect.gen(function*() {
      const { audienceClaim, scopes } = yield* read({
        TOKEN_AUDIENCE_CLAIM: "client_id",
        TOKEN_WRITE_SCOPE: "server/comments:write",
        TOKEN_MODERATE_SCOPE: "server/comments:moderate"
      })
      assert.strictEqual(audienceClaim, "client_id")
      assert.deepStrictEqual(scopes, { write: "server/comments:write", moderate: "server/comments:moderate" })
    }))

  it.effect("refuse what can't be meant, by the variable's name", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refused({ TOKEN_AUDIENCE_CLAIM: "azp" }), "TOKEN_AUDIENCE_CLAIM")
      for (const scope of ["two scopes", "a\"b", "caf\u00e9", "x".repeat(256)]) {
        assert.strictEqual(yield* refused({ TOKEN_WRITE_SCOPE: scope }), "TOKEN_WRITE_SCOPE")
      }
      assert.strictEqual(yield* refused({ TOKEN_MODERATE_SCOPE: "comments:write" }), "TOKEN_MODERATE_SCOPE")
    }))

  it.effect("take keys by https from anywhere, and by http only from this machine and its own network", () =>
    Effect.gen(function*() {
      const good = ["https://keys.example/", "http://127.0.0.1:1/keys", "http://entry:9090/.well-known/jwks.json"]
      for (const url of good) assert.strictEqual((yield* read({ TOKEN_JWKS_URL: url })).jwksUrl, url)
      for (const url of ["http://keys.example/", "http://8.8.8.8/", "http://[2001:db8::1]/", "file:///keys", "keys"]) {
        assert.strictEqual(yield* refused({ TOKEN_JWKS_URL: url }), "TOKEN_JWKS_URL", url)
      }
    }))

  it.effect("need the address of the keys where the issuer's name is none to ask, or one on the way to which anybody may answer", () =>
    Effect.gen(function*() {
      const here = [
        "localhost:9000",
        "entry:9090",
        "issuer.internal",
        "127.0.0.1:1",
        "10.1.2.3",
        "[::1]:9",
        "[fd00::1]"
      ]
      for (const host of here) assert.isUndefined((yield* read({ TOKEN_ISSUER: `http://${host}/` })).jwksUrl)
      const open = ["http://issuer.example", "http://8.8.8.8/", "http://172.32.0.1", "http://[2001:db8::1]"]
      const none = [
        "marginalia-development",
        "urn:issuer",
        "ftp://issuer.example",
        "https://issuer.example/?a=b",
        "https://a#b"
      ]
      for (const issuer of [...open, ...none]) {
        assert.strictEqual(yield* refused({ TOKEN_ISSUER: issuer }), "TOKEN_JWKS_URL", issuer)
        const { jwksUrl } = yield* read({ TOKEN_ISSUER: issuer, TOKEN_JWKS_URL: "https://keys.example/" })
        assert.strictEqual(jwksUrl, "https://keys.example/")
      }
    }))

  it.effect("tell where to ask: at the issuer's address, whether or not it ends with a slash", () =>
    Effect.sync(() => {
      const expected = "https://issuer.example/pool/.well-known/openid-configuration"
      for (const issuer of ["https://issuer.example/pool", "https://issuer.example/pool/"]) {
        assert.strictEqual(configurationUrl(issuer), expected)
      }
    }))
})
