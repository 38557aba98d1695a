import { Effect } from "effect"
import * as jose from "jose"
import type { Forgery } from "./tamperedTokens.ts"
import { goodClaims, goodHeader, sign, signBytes, type TestIssuer } from "./TestIssuer.ts"

const badSubjects = ["", "a\u0000b", "a\nb", "\u007f", "a\u0085b", "x".repeat(256), "\ud800", "a\udfffb", null, 1, [
  "ana"
], {}]

/** Signed by the issuer itself, and not for us, not now, or for nobody. */
const misused = (issuer: TestIssuer, now: number) => {
  const claims = goodClaims(issuer, now)
  const header = goodHeader(issuer)
  const { audience, issuer: iss } = issuer
  const say = (why: string, more: object) =>
    Effect.map(sign(issuer, header, { ...claims, ...more }), (token): Forgery => [why, token])
  const lack = (name: keyof typeof claims) => say(`has no ${name}`, { [name]: undefined })
  const write = (why: string, json: string) =>
    Effect.map(signBytes(issuer, header, Buffer.from(json)), (token): Forgery => [why, token])
  const json = JSON.stringify(claims)
  return Effect.all([
    ...["https://other.example", `${iss}/`, iss.toUpperCase(), [iss], null].map((other) =>
      say(`is of the issuer ${JSON.stringify(other)}`, { iss: other })
    ),
    ...["other", ["other", "another"], [], "", audience.toUpperCase(), `${audience} `, { 0: audience }, null].map((
      other
    ) => say(`is for ${JSON.stringify(other)}`, { aud: other })),
    ...(["iss", "aud", "sub", "exp"] as const).map(lack),
    say("has ended", { exp: now - 60 }),
    say("has ended before there were computers", { exp: -1e300 }),
    say("ends at a text", { exp: String(now + 600) }),
    say("ends at no number", { exp: "NaN" }),
    say("ends at nothing", { exp: null }),
    write("ends never", json.replace(/"exp":\d+/, "\"exp\":1e999")),
    say("isn't good yet", { nbf: now + 60 }),
    say("isn't good before a text", { nbf: String(now) }),
    write("is never good", json.replace("{", "{\"nbf\":1e999,")),
    say("was issued at a text", { iat: String(now) }),
    ...badSubjects.map((sub) => say(`speaks for ${JSON.stringify(sub).slice(0, 20)}`, { sub })),
    write("speaks for a raw control character", json.replace("\"ana\"", "\"a\nb\"")),
    say("tells a client who has signed in", { token_use: "id" }),
    say("has a scope of another form", { scope: { write: true } }),
    say("has scopes that aren't texts", { scope: ["comments:write", 1] }),
    say("is longer than any", { padding: "x".repeat(6200) })
  ])
}

/** Signed by the issuer itself, but not as one signs an access token. */
const misshapen = Effect.fnUntraced(function*(issuer: TestIssuer, now: number) {
  const claims = goodClaims(issuer, now)
  const header = goodHeader(issuer)
  const head = (why: string, more: object) =>
    Effect.map(sign(issuer, { ...header, ...more }, claims), (token): Forgery => [why, token])
  const hold = (why: string, payload: string | Uint8Array, more: object = {}) =>
    Effect.map(signBytes(issuer, { ...header, ...more }, Buffer.from(payload)), (token): Forgery => [why, token])
  const { alg, kid } = header
  const encryption = alg === "ES256" ? "ECDH-ES" : "RSA-OAEP"
  const { publicJwk: { alg: _alg, use: _use, ...key } } = issuer
  const encrypted = yield* Effect.promise(async () =>
    new jose.EncryptJWT({ ...claims }).setProtectedHeader({ alg: encryption, enc: "A128GCM", kid })
      .encrypt(await jose.importJWK(key, encryption))
  )
  return yield* Effect.all([
    head("names a key that its issuer hasn't, although it is its issuer's", { kid: "two" }),
    head("names its key by a number", { kid: 1 }),
    head("names its key by nothing", { kid: null }),
    head("has to be understood in an unknown way", { crit: ["urn:x"], "urn:x": 1 }),
    head("has to be understood in a way that it doesn't tell", { crit: ["urn:x"] }),
    head("has to be understood in no way", { crit: [] }),
    head("has to be understood by a text", { crit: "exp" }),
    head("has to be understood by its algorithm", { crit: ["alg"] }),
    // RFC 7797: the claims would be the text as it stands there, which is what was signed.
    head("says that its claims aren't encoded", { b64: false, crit: ["b64"] }),
    ...["logout+jwt", "secevent+jwt", "dpop+jwt", "token-introspection+jwt", "JOSE", "JWE", "", 1, null].map((typ) =>
      head(`is of the type ${JSON.stringify(typ)}`, { typ })
    ),
    Effect.succeed<Forgery>(["is encrypted", encrypted]),
    hold("holds another token", yield* sign(issuer, header, claims), { cty: "JWT" }),
    hold("holds a list", JSON.stringify([claims])),
    hold("holds a text", JSON.stringify(JSON.stringify(claims))),
    hold("holds nothing", "null"),
    hold("holds no JSON", "{\"sub\":\"ana\""),
    hold("holds no UTF-8", Buffer.concat([Buffer.from("{\"sub\":\"a"), Buffer.from([0xff]), Buffer.from("\"}")])),
    Effect.map(signBytes(issuer, JSON.stringify([header]), Buffer.from(JSON.stringify(claims))), (token): Forgery => [
      "has a list for a header",
      token
    ])
  ])
})

/** What must be refused although it is signed by the issuer itself. */
export const misusedTokens = Effect.fnUntraced(function*(issuer: TestIssuer, now: number) {
  return [...(yield* misused(issuer, now)), ...(yield* misshapen(issuer, now))]
})
