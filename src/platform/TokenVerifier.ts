import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { JWTVerifyGetKey } from "jose"
import * as jose from "jose"

/** Who a verified token speaks for, what it allows, and when it ends. */
export interface VerifiedToken {
  readonly subject: string
  readonly scopes: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** The token isn't good. Why is for the log of whoever runs this, never for the caller. */
export class TokenRejected extends Schema.TaggedError<TokenRejected>()("TokenRejected", { reason: Schema.String }) {}

/** The keys that would tell whether the token is good can't be had at present. */
export class TokenKeysUnavailable extends Schema.TaggedError<TokenKeysUnavailable>()("TokenKeysUnavailable", {
  cause: Schema.Defect()
}) {}

export interface TokenVerifierSettings {
  readonly issuer: string
  readonly audience: string
  /**
   * The claim that must be, or in `aud` have, the audience. `aud`, if left out. Cognito's access tokens have none and tell by
   * `client_id` (RFC 8693, section 4.3) whom they were given to.
   */
  readonly audienceClaim?: "aud" | "client_id"
  /**
   * Our names of the scopes, by what the issuer calls them; a token has no others then. If left out, a token's scopes are
   * taken as they are.
   */
  readonly scopeNames?: ReadonlyMap<string, string>
  /** Finds the key for a token's header. */
  readonly keys: JWTVerifyGetKey
}

/** Asymmetric ones only: a secret shared with an issuer could sign as well as verify. */
export const acceptedAlgorithms = ["RS256", "PS256", "ES256", "EdDSA"]

/** How far this clock and an issuer's may differ, in seconds. */
export const clockToleranceSeconds = 5

/** The longest token that is looked at, in characters. */
export const maxTokenLength = 8192

const rememberedTokens = 10_000
const rememberedFor = Duration.minutes(1)

const Scopes = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const Claims = Schema.Struct({
  sub: Schema.String,
  exp: Schema.Finite,
  // RFC 8693, section 4.2, and RFC 9068: one string, separated by spaces. Some issuers write a list.
  scope: Schema.optionalKey(Scopes),
  // What some issuers (Okta, Entra) write in its place. API Gateway's authorizer reads it, too.
  scp: Schema.optionalKey(Scopes),
  client_id: Schema.optionalKey(Schema.String),
  // Cognito says so whether a token is for an API ("access") or tells a client who has signed in ("id").
  token_use: Schema.optionalKey(Schema.Literal("access"))
})
const decodeClaims = Schema.decodeUnknownEffect(Claims)

const scopesOf = ({ scope, scp }: typeof Claims.Type): ReadonlyArray<string> => {
  const scopes = scope ?? scp ?? []
  return typeof scopes === "string" ? scopes.split(" ").filter((one) => one !== "") : scopes
}

const isTokensFault = (error: unknown): boolean =>
  error instanceof jose.errors.JOSEError && !(error instanceof jose.errors.JWKSTimeout)

/** Verifies JSON Web Tokens (RFC 7519) of one issuer. A verified token is remembered for a minute, and never past its end. */
export class TokenVerifier extends Context.Service<TokenVerifier, {
  verify(token: Redacted.Redacted): Effect.Effect<VerifiedToken, TokenRejected | TokenKeysUnavailable>
  /** What the issuer calls a scope of ours: what a client has to ask it for. */
  issuersNameOf(scope: string): string
}>()("marginalia/platform/TokenVerifier") {
  static readonly layer = (settings: TokenVerifierSettings) =>
    Layer.effect(
      TokenVerifier,
      Effect.gen(function*() {
        const { audience, audienceClaim = "aud", issuer, keys, scopeNames } = settings
        const issuersNames = new Map(Array.from(scopeNames ?? [], ([theirs, ours]) => [ours, theirs]))
        const ours = (scope: string) => {
          if (scopeNames === undefined) return [scope]
          const name = scopeNames.get(scope)
          return name === undefined ? [] : [name]
        }

        const check = Effect.fn("TokenVerifier.check")(function*(token: string) {
          const now = yield* DateTime.now
          const { payload } = yield* Effect.tryPromise({
            try: () =>
              jose.jwtVerify(token, keys, {
                issuer,
                ...(audienceClaim === "aud" ? { audience } : {}),
                algorithms: acceptedAlgorithms,
                clockTolerance: clockToleranceSeconds,
                requiredClaims: ["exp", "sub"],
                currentDate: DateTime.toDateUtc(now)
              }),
            catch: (error) =>
              isTokensFault(error)
                ? new TokenRejected({ reason: error instanceof Error ? error.message : "rejected" })
                : new TokenKeysUnavailable({ cause: error })
          })
          const claims = yield* decodeClaims(payload).pipe(
            Effect.mapError(() => new TokenRejected({ reason: "claims of an unexpected form" }))
          )
          if (audienceClaim === "client_id" && claims.client_id !== audience) {
            return yield* new TokenRejected({ reason: "given to another client" })
          }
          const verified: VerifiedToken = {
            subject: claims.sub,
            scopes: new Set(scopesOf(claims).flatMap(ours)),
            expiresAt: (claims.exp + clockToleranceSeconds) * 1000
          }
          return verified
        })

        const remembered = yield* Cache.makeWith(check, {
          capacity: rememberedTokens,
          timeToLive: (exit) => Exit.isSuccess(exit) ? rememberedFor : Duration.zero
        })

        const verify = Effect.fnUntraced(function*(credential: Redacted.Redacted) {
          const token = Redacted.value(credential)
          if (token.length === 0) return yield* new TokenRejected({ reason: "no token" })
          if (token.length > maxTokenLength) return yield* new TokenRejected({ reason: "longer than any token" })
          const verified = yield* Cache.get(remembered, token)
          if (verified.expiresAt <= (yield* Clock.currentTimeMillis)) {
            return yield* new TokenRejected({ reason: "expired" })
          }
          return verified
        })

        return TokenVerifier.of({ verify, issuersNameOf: (scope) => issuersNames.get(scope) ?? scope })
      })
    )
}
