import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import type { JWTVerifyGetKey } from "jose"
import * as jose from "jose"

/** What development tokens say of where they come from and whom they are for. */
export const developmentIssuer = "marginalia-development"
export const developmentAudience = "marginalia"

/** How long a development token is good for, in seconds: a working day. */
export const developmentTokenSeconds = 12 * 60 * 60

const algorithm = "ES256"

/** The key that signs development tokens can't be read or written. */
export class SigningKeyUnusable extends Schema.TaggedError<SigningKeyUnusable>()("SigningKeyUnusable", {
  message: Schema.String
}) {}

const KeyFile = Schema.fromJsonString(Schema.Struct({
  kty: Schema.Literal("EC"),
  crv: Schema.Literal("P-256"),
  x: Schema.String,
  y: Schema.String,
  d: Schema.String,
  kid: Schema.String
}))
/** The key of an issuer of development tokens, with its private half. */
export type SigningKey = typeof KeyFile.Type

/**
 * The key that signs, where whoever starts the program in its own process has one: it can sign then what nobody else is
 * given. Left out, as in every program, the key is made, or read from where it is kept.
 */
export const GivenSigningKey = Context.Reference<SigningKey | null>("marginalia/platform/GivenSigningKey", {
  defaultValue: () => null
})

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, SigningKeyUnusable> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => new SigningKeyUnusable({ message: `The signing key can't be used: ${String(cause)}` })
  })

/** A key that nobody has. */
export const generateSigningKey = Effect.gen(function*() {
  const { privateKey } = yield* attempt(() => jose.generateKeyPair(algorithm, { extractable: true }))
  const { d = "", x = "", y = "", ...rest } = yield* attempt(() => jose.exportJWK(privateKey))
  const kid = yield* attempt(() => jose.calculateJwkThumbprint({ ...rest, x, y }))
  const key: SigningKey = { kty: "EC", crv: "P-256", x, y, d, kid }
  return key
})

// Written beside its place and moved there, so that a program that is killed meanwhile leaves no half of a key.
const loadOrGenerate = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(directory, "development-signing-key.json")
  const unusable = (cause: unknown) =>
    new SigningKeyUnusable({
      message: `The signing key ${file} can't be used: ${String(cause)}. Remove it to get a new one.`
    })
  if (yield* fs.exists(file).pipe(Effect.mapError(unusable))) {
    const text = yield* fs.readFileString(file).pipe(Effect.mapError(unusable))
    return yield* Schema.decodeEffect(KeyFile)(text).pipe(
      Effect.mapError(() => unusable("it isn't a key that this program wrote"))
    )
  }
  const key = yield* generateSigningKey
  const text = yield* Effect.orDie(Schema.encodeEffect(KeyFile)(key))
  yield* fs.makeDirectory(directory, { recursive: true, mode: 0o700 }).pipe(Effect.mapError(unusable))
  yield* fs.writeFileString(`${file}.new`, text, { mode: 0o600 }).pipe(Effect.mapError(unusable))
  yield* fs.rename(`${file}.new`, file).pipe(Effect.mapError(unusable))
  return key
})

/** Signs tokens for whoever asks. Its public key goes to the verifier that a real issuer's keys go to. */
export class DevelopmentTokens extends Context.Service<DevelopmentTokens, {
  /** A token for a subject with scopes separated by spaces. */
  sign(subject: string, scope: string): Effect.Effect<string>
  readonly keys: JWTVerifyGetKey
  /** The same key as an issuer publishes its own (RFC 7517). */
  readonly published: jose.JSONWebKeySet
}>()("marginalia/platform/DevelopmentTokens") {
  /** `directory` is where the key stays; null for a key that ends with the program. */
  static readonly layer = (directory: string | null) =>
    Layer.effect(
      DevelopmentTokens,
      Effect.gen(function*() {
        const given = yield* GivenSigningKey
        const key = given ?? (yield* (directory === null ? generateSigningKey : loadOrGenerate(directory)))
        const { d: _, ...publicKey } = key
        const privateKey = yield* attempt(() => jose.importJWK(key, algorithm))

        const sign = Effect.fn("DevelopmentTokens.sign")(function*(subject: string, scope: string) {
          const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
          return yield* Effect.promise(() =>
            new jose.SignJWT({ scope })
              .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: "JWT" })
              .setSubject(subject)
              .setIssuer(developmentIssuer)
              .setAudience(developmentAudience)
              .setIssuedAt(now)
              .setExpirationTime(now + developmentTokenSeconds)
              .sign(privateKey)
          )
        })

        const published = { keys: [{ ...publicKey, alg: algorithm, use: "sig" }] }
        return DevelopmentTokens.of({ sign, keys: jose.createLocalJWKSet(published), published })
      })
    )
}
