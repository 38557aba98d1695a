import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as jose from "jose"
import { acceptedAlgorithms } from "./TokenVerifier.ts"

/** One of an issuer's keys (RFC 7517), of which nothing is known yet but that it is an object. */
export type PublishedKey = Readonly<Record<string, unknown>>

const Named = Schema.Struct({
  kty: Schema.String,
  crv: Schema.optionalKey(Schema.String),
  alg: Schema.optionalKey(Schema.Literals(acceptedAlgorithms)),
  use: Schema.optionalKey(Schema.Literal("sig")),
  key_ops: Schema.optionalKey(Schema.Array(Schema.String))
})
const isNamed = Schema.is(Named)

const algorithms: Readonly<Record<string, string>> = { "RSA": "RS256", "EC P-256": "ES256", "OKP Ed25519": "EdDSA" }

// The algorithm with which a key would verify tokens; undefined for one that is for something else, as it says itself.
const algorithmOf = (key: PublishedKey): string | undefined => {
  if (!isNamed(key) || key.key_ops?.includes("verify") === false) return undefined
  return key.alg ?? algorithms[[key.kty, ...(key.crv === undefined ? [] : [key.crv])].join(" ")]
}

// RFC 7518, section 3.3.
const minModulusBits = 2048

const faultOf = async (key: PublishedKey, algorithm: string): Promise<string | undefined> => {
  try {
    const imported = await jose.importJWK({ ...key }, algorithm)
    if (imported instanceof Uint8Array || imported.type !== "public") return "it isn't a public key"
    const bits = Predicate.hasProperty(imported.algorithm, "modulusLength") && imported.algorithm.modulusLength
    return typeof bits === "number" && bits < minModulusBits
      ? `it has ${bits} bits, of at least ${minModulusBits}`
      : undefined
  } catch {
    return "it can't be read"
  }
}

/**
 * Those of an issuer's keys with which a token can be verified. What is for something else, by its own words, is left out
 * without one; of a key that can't be used although it says so, a warning is logged. A token that names a key which was left
 * out names a key that isn't there: it is the token that is refused, and nobody's service that is down.
 */
export const usableKeys = Effect.fnUntraced(function*(keys: ReadonlyArray<PublishedKey>) {
  const usable: Array<PublishedKey> = []
  for (const key of keys) {
    const algorithm = algorithmOf(key)
    if (algorithm === undefined) continue
    const fault = yield* Effect.promise(() => faultOf(key, algorithm))
    if (fault === undefined) usable.push(key)
    else yield* Effect.logWarning("a key of the issuer can't be used", { kid: key["kid"], fault })
  }
  return usable
})
