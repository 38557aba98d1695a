import { Effect, Layer } from "effect"
import * as jose from "jose"
import { webcrypto } from "node:crypto"
import {
  developmentAudience,
  developmentIssuer,
  generateSigningKey,
  GivenSigningKey,
  type SigningKey
} from "../../src/platform/DevelopmentTokens.ts"

/** An issuer whose private key is at hand: it signs whatever it is told to. */
export interface TestIssuer {
  readonly issuer: string
  readonly audience: string
  readonly alg: "ES256" | "RS256"
  readonly privateKey: webcrypto.CryptoKey
  /** As it is published. */
  readonly publicJwk: jose.JWK & { readonly kid: string }
}

/** The claims of a good token at a time, in seconds since the epoch. */
export const goodClaims = ({ audience, issuer }: TestIssuer, now: number) => ({
  sub: "ana",
  iss: issuer,
  aud: audience,
  iat: now,
  exp: now + 600,
  scope: "comments:write comments:moderate"
})

export const base64url = (bytes: string | Uint8Array | ArrayBuffer): string =>
  (bytes instanceof ArrayBuffer ? Buffer.from(bytes) : Buffer.from(bytes)).toString("base64url")

const signatures = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5" }
}

/** Signs whatever is given, in compact form: nothing is looked at, and of the header nothing is added. */
export const sign = (
  { alg, privateKey }: Pick<TestIssuer, "alg" | "privateKey">,
  header: unknown,
  payload: unknown
): Effect.Effect<string> => signBytes({ alg, privateKey }, header, Buffer.from(JSON.stringify(payload)))

/** The same, of a payload that needn't be JSON. */
export const signBytes = (
  { alg, privateKey }: Pick<TestIssuer, "alg" | "privateKey">,
  header: unknown,
  payload: Uint8Array
): Effect.Effect<string> =>
  Effect.promise(async () => {
    const input = `${base64url(typeof header === "string" ? header : JSON.stringify(header))}.${base64url(payload)}`
    return `${input}.${base64url(await webcrypto.subtle.sign(signatures[alg], privateKey, Buffer.from(input)))}`
  })

/** The header of a good token. */
export const goodHeader = ({ alg, publicJwk: { kid } }: TestIssuer) => ({ alg, kid, typ: "at+jwt" })

const makeKeys = (alg: TestIssuer["alg"], kid: string) =>
  Effect.promise(async () => {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true })
    return { alg, privateKey, publicJwk: { ...(await jose.exportJWK(publicKey)), kid, alg, use: "sig" } }
  })

const once = <A>(make: Effect.Effect<A>): Effect.Effect<A> => Effect.runSync(Effect.cached(make))

const place = { issuer: "https://issuer.example", audience: "marginalia" }

/** An issuer with an elliptic curve. As all here, it is made once. */
export const curvedIssuer: Effect.Effect<TestIssuer> = once(
  Effect.map(makeKeys("ES256", "one"), (keys) => ({ ...place, ...keys }))
)

/** An issuer with RSA. */
export const rsaIssuer: Effect.Effect<TestIssuer> = once(
  Effect.map(makeKeys("RS256", "one"), (keys) => ({ ...place, ...keys }))
)

/** The key with which the programs that are tested sign development tokens. */
export const developmentKey: Effect.Effect<SigningKey> = once(Effect.orDie(generateSigningKey))

/** Has an issuer of development tokens sign with `developmentKey`. */
export const knownKey = Layer.effect(GivenSigningKey, developmentKey)

/** The issuer of development tokens, where its key is `developmentKey`. */
export const developmentTestIssuer: Effect.Effect<TestIssuer> = once(Effect.gen(function*() {
  const { d, ...key } = yield* developmentKey
  const algorithm = { name: "ECDSA", namedCurve: "P-256" }
  const privateKey = yield* Effect.promise(() =>
    webcrypto.subtle.importKey("jwk", { ...key, d }, algorithm, false, ["sign"])
  )
  return {
    issuer: developmentIssuer,
    audience: developmentAudience,
    alg: "ES256",
    privateKey,
    publicJwk: { ...key, alg: "ES256", use: "sig" }
  }
}))

/** A key that no issuer of these has, under the `kid` that all of theirs have. */
export const foreignKey = once(makeKeys("ES256", "one"))
