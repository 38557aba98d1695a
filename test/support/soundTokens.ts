import { Effect } from "effect"
import { base64url, foreignKey, goodClaims, goodHeader, sign, signBytes, type TestIssuer } from "./TestIssuer.ts"

// SEC 2, section 2.4.2: the order of the group of P-256.
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The other of the two signatures that ECDSA has for the same: whoever sees one can write the other. */
const otherSignature = (token: string): string => {
  const end = token.lastIndexOf(".") + 1
  const bytes = Buffer.from(token.slice(end), "base64url")
  const s = order - BigInt(`0x${bytes.subarray(32).toString("hex")}`)
  return token.slice(0, end) +
    base64url(Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]))
}

/** A token that is good, whom it speaks for, and why one could think otherwise: completes "A token is good that …". */
export type Sound = readonly [why: string, token: string, subject: string]

/** What an issuer may write, where nothing is gained by refusing it. */
export const soundTokens = Effect.fnUntraced(function*(issuer: TestIssuer, now: number) {
  const claims = goodClaims(issuer, now)
  const header = goodHeader(issuer)
  const { publicJwk } = yield* foreignKey
  const say = (why: string, more: object) =>
    Effect.map(sign(issuer, header, { ...claims, ...more }), (token): Sound => [why, token, "ana"])
  const speak = (why: string, sub: string) =>
    Effect.map(sign(issuer, header, { ...claims, sub }), (token): Sound => [why, token, sub])
  const head = (why: string, more: object) =>
    Effect.map(sign(issuer, { ...header, ...more }, claims), (token): Sound => [why, token, "ana"])
  const twice = JSON.stringify(claims).replace("\"sub\":\"ana\"", "\"sub\":\"mo\",\"sub\":\"bruno\"")
  const all = yield* Effect.all([
    head("says nothing of its type", { typ: undefined }),
    ...["JWT", "jwt", "AT+JWT", "application/at+jwt"].map((typ) => head(`is of the type ${typ}`, { typ })),
    // RFC 7515, section 4.1: what leads to keys is ignored.
    head("brings keys, or says where they are", {
      jku: "http://127.0.0.1:1/",
      x5u: "http://127.0.0.1:1/",
      jwk: publicJwk
    }),
    head("has a header that nobody knows", { "urn:x": 1 }),
    say("is for others, too", { aud: ["other", issuer.audience] }),
    say("ends at a fraction of a second", { exp: now + 600.5 }),
    say("ends when nobody is there any more", { exp: 1e300 }),
    say("isn't good yet by a clock that goes 4 s after ours", { nbf: now + 4 }),
    // What says from when a token is good is nbf; RFC 7519 has nobody refused for iat.
    say("was issued by a clock that is ahead", { iat: now + 3600 }),
    say("has no time of its issue", { iat: undefined }),
    speak("speaks for 255 characters, each of them two", "🦉".repeat(255)),
    speak("speaks for somebody with a colon, a slash and a space", "auth0|a:b/c d"),
    // RFC 7519, section 4: either it is refused, or the last counts.
    Effect.map(signBytes(issuer, header, Buffer.from(twice)), (token): Sound => ["says twice for whom", token, "bruno"])
  ])
  const other = otherSignature(all[0]?.[1] ?? "")
  return issuer.alg === "ES256" ? [...all, ["has the other of its two signatures", other, "ana"] satisfies Sound] : all
})
