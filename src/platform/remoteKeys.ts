import type { JWTVerifyGetKey } from "jose"
import * as jose from "jose"

/** How long an issuer may take to give its keys, in milliseconds. */
export const keysTimeout = 3000

/** How long keys are believed before they are asked for again, in milliseconds: what an issuer has withdrawn ends then. */
export const keysMaxAge = 10 * 60_000

/** How long a token with a key that isn't known doesn't make anybody ask for the keys again, in milliseconds. */
export const keysCooldown = 30_000

// What only the token can be blamed for: the keys were there, and none of them is its own.
const isTokensFault = (error: unknown): boolean =>
  error instanceof jose.errors.JWKSNoMatchingKey || error instanceof jose.errors.JWKSMultipleMatchingKeys ||
  error instanceof jose.errors.JOSENotSupported

/**
 * An issuer's public keys (RFC 7517), asked for when the first token comes and whenever one names a key that isn't known.
 *
 * An issuer that can't be reached, or whose answer is no set of keys, is nothing that the token can be blamed for: such a
 * failure isn't one of `jose`'s own, so that `TokenVerifier` takes it for what it is.
 */
export const remoteKeys = (url: string): JWTVerifyGetKey => {
  const keys = jose.createRemoteJWKSet(new URL(url), {
    timeoutDuration: keysTimeout,
    cacheMaxAge: keysMaxAge,
    cooldownDuration: keysCooldown
  })
  return (header, token) =>
    keys(header, token).catch((error: unknown) => {
      throw isTokensFault(error) ? error : new Error("The issuer's keys can't be had", { cause: error })
    })
}
