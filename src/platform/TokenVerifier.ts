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
import type { AuthorId } from "../domain/ids.ts"
import { isAccessTokenType, scopesOf, TokenClaims } from "./tokenClaims.ts"
import { faultOfForm } from "./tokenForm.ts"

/** Who a verified token speaks for, what it allows, and when it ends. */
export interface VerifiedToken {
  readonly subject: AuthorId
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
  /** Of how many tokens it is remembered that they are good: 10,000, if left out. Those that were shown last. */
  readonly remembered?: number
}

/** Asymmetric ones only: a secret shared with an issuer could sign as well as verify. */
export const acceptedAlgorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const

/** How far this clock and an issuer's may differ, in seconds. */
export const clockToleranceSeconds = 5

const rememberedFor = Duration.minutes(1)

const decodeClaims = Schema.decodeUnknownEffect(TokenClaims)

const isTokensFault = (error: unknown): boolean =>
  error instanceof jose.errors.JOSEError && !(error instanceof jose.errors.JWKSTimeout)

/**
 * Verifies JSON Web Tokens (RFC 7519) of one issuer, as RFC 8725 advises. A verified token is remembered for a minute, and
 * never past its end; one that was refused isn't.
 */
export class TokenVerifier extends Context.Service<TokenVerifier, {
  verify(token: Redacted.Redacted): Effect.Effect<VerifiedToken, TokenRejected | TokenKeysUnavailable>
  /** Whether a token that is being verified still waits for its issuer's keys: all else is this process's own work. */
  awaitsKeys(token: Redacted.Redacted): boolean
  /** What the issuer calls a scope of ours: what a client has to ask it for. */
  issuersNameOf(scope: string): string
}>()("marginalia/platform/TokenVerifier") {
  static readonly layer = (settings: TokenVerifierSettings) =>
    Layer.effect(
      TokenVerifier,
      Effect.gen(function*() {
        const { audience, audienceClaim = "aud", issuer, keys, remembered: capacity = 10_000, scopeNames } = settings
        const issuersNames = new Map(Array.from(scopeNames ?? [], ([theirs, ours]) => [ours, theirs]))
        const ours = (scope: string) => {
          if (scopeNames === undefined) return [scope]
          const name = scopeNames.get(scope)
          return name === undefined ? [] : [name]
        }

        const awaitingKeys = new Set<string>()
        const keysNoting = (token: string): JWTVerifyGetKey => async (header, input) => {
          awaitingKeys.add(token)
          try {
            return await keys(header, input)
          } finally {
            awaitingKeys.delete(token)
          }
        }

        const check = Effect.fn("TokenVerifier.check")(function*(token: string) {
          const now = yield* DateTime.now
          const { payload, protectedHeader } = yield* Effect.tryPromise({
            try: () =>
              jose.jwtVerify(token, keysNoting(token), {
                issuer,
                ...(audienceClaim === "aud" ? { audience } : {}),
                algorithms: [...acceptedAlgorithms],
                clockTolerance: clockToleranceSeconds,
                requiredClaims: ["exp", "sub"],
                currentDate: DateTime.toDateUtc(now)
              }),
            catch: (error) =>
              isTokensFault(error)
                ? new TokenRejected({ reason: error instanceof Error ? error.message : "rejected" })
                : new TokenKeysUnavailable({ cause: error })
          })
          if (!isAccessTokenType(protectedHeader.typ)) {
            return yield* new TokenRejected({ reason: "not an access token" })
          }
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
          capacity,
          timeToLive: (exit) => Exit.isSuccess(exit) ? rememberedFor : Duration.zero
        })

        const verify = Effect.fnUntraced(function*(credential: Redacted.Redacted) {
          const token = Redacted.value(credential)
          const reason = faultOfForm(token)
          if (reason !== undefined) return yield* new TokenRejected({ reason })
          const verified = yield* Cache.get(remembered, token)
          if (verified.expiresAt <= (yield* Clock.currentTimeMillis)) {
            return yield* new TokenRejected({ reason: "expired" })
          }
          return verified
        })

        return TokenVerifier.of({
          verify,
          awaitsKeys: (credential) => awaitingKeys.has(Redacted.value(credential)),
          issuersNameOf: (scope) => issuersNames.get(scope) ?? scope
        })
      })
    )
}
