import { Effect } from "effect"
import type * as jose from "jose"
import { createPublicKey } from "node:crypto"
import type { Forgery } from "./tamperedTokens.ts"
import { base64url, foreignKey, goodClaims, sign, type TestIssuer } from "./TestIssuer.ts"

/** Every way to write a public key down that somebody may have taken for a secret. */
const writings = (jwk: jose.JWK): ReadonlyArray<readonly [name: string, secret: string | Uint8Array]> => {
  const key = createPublicKey({ key: { ...jwk }, format: "jwk" })
  const pem = key.export({ type: "spki", format: "pem" }).toString()
  const coordinates = [jwk.x, jwk.y, jwk.n, jwk.e].filter((one) => one !== undefined)
  return [
    ["PEM", pem],
    ["PEM without its last line's end", pem.trimEnd()],
    ["DER", key.export({ type: "spki", format: "der" })],
    ["JWK", JSON.stringify(jwk)],
    ["numbers", Buffer.concat(coordinates.map((one) => Buffer.from(one, "base64url")))],
    ...coordinates.map((one, index) => [`number ${index}`, Buffer.from(one, "base64url")] as const),
    ["empty string, as if there were no key", ""]
  ]
}

/** Signed with the public key as a secret, so that whoever lets the token choose its algorithm believes it. */
const withSecret = (issuer: TestIssuer, now: number) =>
  Effect.forEach(
    ["HS256", "HS384", "HS512"],
    (alg) =>
      Effect.forEach(writings(issuer.publicJwk), ([name, secret]) =>
        Effect.promise(async (): Promise<Forgery> => {
          const input = [{ alg, kid: issuer.publicJwk.kid }, goodClaims(issuer, now)]
            .map((one) => base64url(JSON.stringify(one))).join(".")
          const hash = `SHA-${alg.slice(2)}`
          const bytes = Buffer.from(secret)
          // No library signs with an empty secret, so it is one of zeros: HMAC pads both to the same.
          const raw = bytes.length === 0 ? Buffer.alloc(1) : bytes
          const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"])
          const signature = await crypto.subtle.sign("HMAC", key, Buffer.from(input))
          return [`is signed by ${alg} with the public key's ${name}`, `${input}.${base64url(signature)}`]
        }))
  )

/** Where an attacker would have keys looked for, and his key itself. */
const leading = (trap: string, jwk: jose.JWK) => ({
  jku: `${trap}/jku`,
  x5u: `${trap}/x5u`,
  jwk,
  x5c: [base64url("a certificate")],
  x5t: base64url("its digest")
})

/** Signed by somebody else's key, whatever it says of it. */
const foreign = Effect.fnUntraced(function*(issuer: TestIssuer, now: number, trap: string) {
  const key = yield* foreignKey
  const claims = goodClaims(issuer, now)
  const { alg } = key
  const kid = issuer.publicJwk.kid
  const forge = (why: string, header: object, more: object = {}) =>
    Effect.map(sign(key, { alg, ...header }, { ...claims, ...more }), (token): Forgery => [why, token])
  const leads = leading(trap, { ...key.publicJwk, kid: "theirs" })
  return yield* Effect.all([
    forge("is signed by another key", { kid }),
    forge("names a key that its issuer hasn't", { kid: "theirs" }),
    forge("names no key", {}),
    forge("names a key by a number", { kid: 1 }),
    forge("names a key that every object has", { kid: "__proto__" }),
    forge("names a key that is a path", { kid: "../../../../dev/null" }),
    forge("is of another environment, whose key has the same name", { kid }, {
      iss: "https://other.example",
      aud: "other"
    }),
    ...Object.entries(leads).flatMap(([name, value]) => [
      forge(`brings its key by ${name}`, { kid: "theirs", [name]: value }),
      forge(`brings its key by ${name}, under the issuer's name`, { kid, [name]: value }),
      forge(`brings its key by ${name}, and says that it must be understood`, {
        kid,
        [name]: value,
        crit: [name]
      })
    ]),
    forge("brings its key by all of them", { ...leads })
  ])
})

/**
 * What must be refused although whoever made it knows the issuer's public key. `trap` is where a token has its key looked
 * for: nobody may come there.
 */
export const foreignTokens = Effect.fnUntraced(function*(issuer: TestIssuer, now: number, trap: string) {
  return [...(yield* withSecret(issuer, now)).flat(), ...(yield* foreign(issuer, now, trap))]
})
