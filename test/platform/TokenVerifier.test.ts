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

  it.effect("may have its scopes in scp, where it has no scope", () =>
    Effect.gen(function*() {
      const { scope: _, ...without } = good
      for (const scp of ["comments:write openid", ["comments:write", "openid"]]) {
        const token = yield* verify(yield* signed({ ...without, scp }))
        assert.deepStrictEqual(Array.from(token.scopes), ["comments:write", "openid"])
      }
      const both = yield* verify(yield* signed({ ...good, scope: "openid", scp: "comments:moderate" }))
      assert.deepStrictEqual(Array.from(both.scopes), ["openid"])
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
    ["has scopes of another form", signed({ ...good, scope: { write: true } })],
    ["is for the audience only by its client", signed({ ...good, aud: undefined, client_id: audience })],
    ["tells a client who has signed in, and isn't for an API", signed({ ...good, token_use: "id" })]
  ]

  for (const [fault, token] of faults) it.effect(`is rejected when it ${fault}`, () => rejected(token))

  it.effect("is believed while the clocks may be 5 seconds apart", () =>
    Effect.gen(function*() {
      for (const claims of [{ exp: -4 }, { nbf: 5 }]) yield* verify(yield* signed({ ...good, ...claims }))
      for (const claims of [{ exp: -5 }, { nbf: 6 }]) yield* rejected(signed({ ...good, ...claims }))
    }))

  it.effect("is rejected from its end on, also when it was good a moment ago", () =>
    Effect.gen(function*() {
      const token = yield* signed({ ...good, exp: 30 })
      yield* verify(token)
      yield* TestClock.adjust("36 seconds")
      yield* rejected(Effect.succeed(token))
    }))
})

const renamed = TokenVerifier.layer({
  issuer,
  audience,
  keys: jose.createLocalJWKSet({ keys: [publicJwk] }),
  scopeNames: new Map([["server/write", "comments:write"], ["server/moderate", "comments:moderate"]])
})

it.layer(renamed)("A scope that the issuer calls otherwise", (it) => {
  it.effect("is known by the issuer's name, and by no other, be it ours", () =>
    Effect.gen(function*() {
      const scopesOf = (scope: string) =>
        Effect.map(Effect.flatMap(signed({ ...good, scope }), verify), ({ scopes }) => Array.from(scopes))
      assert.deepStrictEqual(yield* scopesOf("openid server/write"), ["comments:write"])
      assert.deepStrictEqual(yield* scopesOf("server/moderate server/write"), ["comments:moderate", "comments:write"])
      assert.deepStrictEqual(yield* scopesOf("comments:write comments:moderate SERVER/WRITE server/write2"), [])
    }))

  it.effect("is told by that name to whoever needs it", () =>
    Effect.gen(function*() {
      const { issuersNameOf } = yield* TokenVerifier
      assert.deepStrictEqual(["comments:write", "other"].map(issuersNameOf), ["server/write", "other"])
    }))
})

const cognito = TokenVerifier.layer({
  issuer,
  audience,
  audienceClaim: "client_id",
  keys: jose.createLocalJWKSet({ keys: [publicJwk] })
})

it.layer(cognito)("A token whose audience is the client that it was given to", (it) => {
  const { aud: _, ...unaddressed } = good
  const given: Claims = { ...unaddressed, client_id: audience }

  it.effect("speaks for its subject, whomever else it is for", () =>
    Effect.gen(function*() {
      for (const token of [given, { ...given, aud: "other" }, { ...given, token_use: "access" }]) {
        assert.strictEqual((yield* verify(yield* signed(token))).subject, "ana")
      }
    }))

  it.effect("is rejected when it was given to another, to nobody, or to somebody of another form", () =>
    Effect.gen(function*() {
      const { client_id: _, ...nobodys } = given
      for (const token of [{ ...given, client_id: "other" }, nobodys, { ...nobodys, aud: audience }]) {
        yield* rejected(signed(token))
      }
      yield* rejected(signed({ ...given, client_id: [audience] }))
    }))

  it.effect("is rejected when it isn't for an API", () => rejected(signed({ ...given, token_use: "id" })))
})
