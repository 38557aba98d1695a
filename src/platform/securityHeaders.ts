import * as Duration from "effect/Duration"

/**
 * What every answer tells a browser that got hold of it, whatever it is:
 *
 * - it is what its `Content-Type` says, and is never guessed at;
 * - as a document it loads and runs nothing, and stands in nobody's frame (a page that is one says what it needs instead);
 * - where somebody goes from it isn't told where they came from;
 * - it is no other site's image or script. A page of another origin that may read answers asks for them in CORS mode,
 *   in which nobody looks at this.
 */
export const securityHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY"
} as const

/** The same, and where a time is given, that for so long this host is asked by TLS only (RFC 6797). */
export const securityHeadersFor = (hstsMaxAge: Duration.Duration | undefined): Readonly<Record<string, string>> =>
  hstsMaxAge === undefined
    ? securityHeaders
    : { ...securityHeaders, "strict-transport-security": `max-age=${Math.floor(Duration.toSeconds(hstsMaxAge))}` }
