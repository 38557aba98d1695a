import { Effect } from "effect"
import type * as jose from "jose"
import { createPrivateKey, generateKeyPairSync, webcrypto } from "node:crypto"
import type { Forgery } from "./tamperedTokens.ts"
import { goodClaims, sign, type TestIssuer } from "./TestIssuer.ts"

interface UselessKey {
  readonly why: string
  readonly alg: TestIssuer["alg"]
  readonly privateKey: webcrypto.CryptoKey
  readonly published: jose.JWK
}

const subtle = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
}

const make = async (): Promise<ReadonlyArray<UselessKey>> => {
  const curved = createPrivateKey(
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "pkcs8",
      format: "pem"
    })
  ).export({ format: "jwk" })
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ format: "jwk" })
  const { d: _, ...open } = curved
  const { d: _d, dp: _dp, dq: _dq, p: _p, q: _q, qi: _qi, ...openSmall } = small
  const elliptic = {
    alg: "ES256" as const,
    privateKey: await webcrypto.subtle.importKey("jwk", { ...curved }, subtle.ES256, false, ["sign"])
  }
  const rsa = {
    alg: "RS256" as const,
    privateKey: await webcrypto.subtle.importKey("jwk", { ...small }, subtle.RS256, false, ["sign"])
  }
  return [
    { why: "is of 1,024 bits", ...rsa, published: { ...openSmall, kid: "small", alg: "RS256", use: "sig" } },
    { why: "is of 1,024 bits, and says nothing else", ...rsa, published: { ...openSmall, kid: "small-too" } },
    { why: "is for encryption", ...elliptic, published: { ...open, kid: "encrypts", use: "enc" } },
    { why: "is for another algorithm", ...elliptic, published: { ...open, kid: "other", alg: "ECDH-ES" } },
    { why: "isn't for verifying", ...elliptic, published: { ...open, kid: "derives", key_ops: ["deriveKey"] } },
    { why: "is published with its private half", ...elliptic, published: { ...curved, kid: "private", alg: "ES256" } },
    { why: "can't be read", ...elliptic, published: { ...open, x: "AAAA", kid: "broken", alg: "ES256" } },
    { why: "is of another curve", ...elliptic, published: { ...open, crv: "P-521", kid: "curve", alg: "ES256" } },
    { why: "is one of two of the same name", ...elliptic, published: { ...open, kid: "twin", alg: "ES256" } },
    { why: "is the other of the two", ...elliptic, published: { ...open, kid: "twin" } },
    { why: "is a secret", ...elliptic, published: { kty: "oct", k: "AAAA", kid: "secret", alg: "HS256" } },
    { why: "has no kind", ...elliptic, published: { ...open, kty: "X", kid: "kind" } }
  ]
}

const made = Effect.runSync(Effect.cached(Effect.promise(make)))

/** Keys that an issuer may publish beside its good one, with which no token can be verified. */
export const uselessKeys = Effect.map(made, (keys) => keys.map(({ published }) => published))

/** Tokens of an issuer that publishes them, each signed by one of them. */
export const uselesslySigned = (issuer: TestIssuer, now: number) =>
  Effect.flatMap(made, (keys) =>
    Effect.forEach(keys, (key) =>
      Effect.map(
        sign(key, { alg: key.alg, kid: key.published.kid }, goodClaims(issuer, now)),
        (token): Forgery => [`is signed by a key that ${key.why}`, token]
      )))
