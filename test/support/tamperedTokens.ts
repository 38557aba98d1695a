import { base64url } from "./TestIssuer.ts"

/** A token that must be refused, and why: completes the sentence "A token is refused that …". */
export type Forgery = readonly [why: string, token: string]

const unsecured = ["none", "None", "NONE", "nOnE", "", " none", "none ", null, ["ES256", "none"], undefined]

/** The next character of base64url's alphabet whose first bits are the same: what it carries of a last byte is the same. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
const sibling = (character: string): string => alphabet[alphabet.indexOf(character) ^ 1] ?? "A"

/** Changes one bit of the last part, and of nothing else. */
const withOneBitChanged = (signature: string, at: number): string => {
  const bytes = Buffer.from(signature, "base64url")
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
  return base64url(bytes)
}

/** What can be made of a good token by whoever hasn't its issuer's key. */
export const tamperedTokens = (token: string): ReadonlyArray<Forgery> => {
  const [header = "", payload = "", signature = ""] = token.split(".")
  const { alg, ...named } = JSON.parse(Buffer.from(header, "base64url").toString())
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString())
  const claiming = (more: object) => base64url(JSON.stringify({ ...claims, ...more }))
  const bits = Buffer.from(signature, "base64url").length * 8
  return [
    ...unsecured.flatMap((none): ReadonlyArray<Forgery> => {
      const free = base64url(JSON.stringify({ ...named, alg: none }))
      return [
        [`isn't signed, by its alg ${JSON.stringify(none)}`, `${free}.${payload}.`],
        [`keeps a signature under the alg ${JSON.stringify(none)}`, `${free}.${payload}.${signature}`]
      ]
    }),
    ["has an empty signature", `${header}.${payload}.`],
    ["has no signature", `${header}.${payload}`],
    ["has no header", `.${payload}.${signature}`],
    ["has no claims", `${header}..${signature}`],
    ["is for somebody else by its claims", `${header}.${claiming({ sub: `${claims.sub}x` })}.${signature}`],
    ["has more scopes", `${header}.${claiming({ scope: `${claims.scope} comments:moderate` })}.${signature}`],
    ["lasts longer", `${header}.${claiming({ exp: claims.exp + 1 })}.${signature}`],
    ["names another algorithm", `${base64url(JSON.stringify({ ...named, alg: "PS256" }))}.${payload}.${signature}`],
    [
      "has another header of the same meaning",
      `${base64url(JSON.stringify({ ...named, alg }))}.${payload}.${signature}`
    ],
    ...[0, 1, bits >> 1, bits - 1].map((bit): Forgery => [
      `has another bit ${bit} in its signature`,
      `${header}.${payload}.${withOneBitChanged(signature, bit)}`
    ]),
    ["has a signature of zeros", `${header}.${payload}.${base64url(new Uint8Array(bits / 8))}`],
    ["has a signature of ones", `${header}.${payload}.${base64url(new Uint8Array(bits / 8).fill(255))}`],
    ["has half a signature", `${header}.${payload}.${signature.slice(0, signature.length / 2)}`],
    ["has its signature twice", `${header}.${payload}.${signature}${signature}`],
    ["has its signature spelt in another way", `${token.slice(0, -1)}${sibling(token.slice(-1))}`],
    ["has its signature padded", `${token}==`],
    ["has a space within its signature", `${token.slice(0, -9)} ${token.slice(-9)}`],
    ["has a tab within its signature", `${token.slice(0, -9)}\t${token.slice(-9)}`],
    ["has its signature in plain base64", `${header}.${payload}.${signature.slice(0, -4)}+/+/`],
    ["has four parts", `${token}.`],
    ["has five parts, as what is encrypted", `${header}.${payload}.${signature}.${payload}.${signature}`],
    ["comes twice", `${token},${token}`],
    ["comes twice, as two headers are joined", `${token}, Bearer ${token}`],
    ["isn't one", "abc"],
    ["is dots", ".."],
    ["is more dots", "...."],
    ["is base64 of no JSON", "Zm9v.Zm9v.Zm9v"],
    ["has lists where objects should be", "W10.W10.W10"],
    ["has an empty header", "e30.e30.e30"],
    ["is longer than any", "a".repeat(8193)],
    ["is longer than any, and in three parts", `${header}.${payload}.${"A".repeat(8192)}`]
  ]
}
