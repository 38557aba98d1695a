import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as jose from "jose"
import { TokenVerifier } from "../../src/platform/TokenVerifier.ts"

const issuer = "https://issuer.example"
const audience = "marginalia"
const { privateKey, publicKey } = await jose.generateKeyPair("ES256", { extractable: true })
const foreign = await jose.generateKeyPair("ES256")
const publicJwk = { ...(await jose.exportJWK(publicKey)), kid: "one", alg: "ES256" }

const verifier = TokenVerifier.layer({ issuer, audience, keys: jose.createLocalJWKSet({ keys: [publicJwk] }) })

interface Claims {
  readonly [claim: string]: unknown
}

const good: Claims = { sub: "ana", iss: issuer, aud: audience, iat: 0, exp: 600, scope: "comments:write openid" }

const signed = (
  claims: Claims,
  key: jose.CryptoKey = privateKey,
  header: jose.JWTHeaderParameters = { alg: "ES256", kid: "one" }
) => Effect.promise(() => new jose.SignJWT({ ...claims }).setProtectedHeader(header).sign(key))

const verify = (token: string) => Effect.flatMap(TokenVerifier, (verifier) => verifier.verify(Redacted.make(token)))

const rejected = (token: Effect.Effect<string>) =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(verify(yield* token))
    assert.strictEqual(error._tag, "TokenRejected")
  })

it.layer(verifier)("A token", (it) => {
  it.effect("speaks for its subject, with its scopes, while it lasts", () =>
    Effect.gen(function*() {
      const token = yield* verify(yield* signed(good))
      assert.strictEqual(token.subject, "ana")
      assert.deepStrictEqual(Array.from(token.scopes), ["comments:write", "openid"])
    }))

  it.effect("may list its scopes, or have none", () =>
    Effect.gen(function*() {
      const listed = yield* verify(yield* signed({ ...good, scope: ["comments:moderate"] }))
      assert.deepStrictEqual(Array.from(listed.scopes), ["comments:moderate"])
      const { scope: _, ...without } = good
      assert.strictEqual((yield* verify(yield* signed(without))).scopes.size, 0)
    }))

  const faults: ReadonlyArray<readonly [string, Effect.Effect<string>]> = [
    ["is nothing", Effect.succeed("")],
    ["is no token at all", Effect.succeed("abc")],
    ["is longer than any token", Effect.succeed("a".repeat(10_000))],
    ["comes from another issuer", signed({ ...good, iss: "https://other.example" })],
    ["is for another audience", signed({ ...good, aud: "other" })],
    ["has ended", signed({ ...good, exp: -60 })],
    ["is not good yet", signed({ ...good, nbf: 300 })],
    ["never ends", signed({ ...good, exp: undefined })],
    ["speaks for nobody", signed({ ...good, sub: undefined })],
    ["is signed by another key", signed(good, foreign.privateKey)],
    ["names a key that isn't known", signed(good, privateKey, { alg: "ES256", kid: "two" })],
    ["isn't signed", Effect.succeed(new jose.UnsecuredJWT({ ...good }).encode())],
    [
      "is signed with a secret, be it the public key",
      Effect.promise(async () =>
        new jose.SignJWT({ ...good }).setProtectedHeader({ alg: "HS256", kid: "one" })
          .sign(new TextEncoder().encode(JSON.stringify(publicJwk)))
      )
    ],
    ["has scopes of another form", signed({ ...good, scope: { write: true } })]
  ]

  for (const [fault, token] of faults) it.effect(`is rejected when it ${fault}`, () => rejected(token))

  it.effect("is rejected from its end on, also when it was good a moment ago", () =>
    Effect.gen(function*() {
      const token = yield* signed({ ...good, exp: 30 })
      yield* verify(token)
      yield* TestClock.adjust("36 seconds")
      yield* rejected(Effect.succeed(token))
    }))
})
