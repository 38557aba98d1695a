import * as Context from "effect/Context"
import type { BrowserSettings } from "../../platform/browserSettings.ts"
import { securityHeadersFor } from "../../platform/securityHeaders.ts"
import { crossOriginRules } from "../crossOrigin.ts"

type Headers = Readonly<Record<string, string>>

/** What answers carry for browsers, worked out once: per request nothing is put together. */
export interface BrowserHeaders {
  /** What every answer carries to a request from this origin: security headers, and what CORS needs. */
  readonly to: (origin: string | undefined) => Headers
  /**
   * All that the answer to a preflight carries, which is 204 whatever its address and the method that it asks about; or
   * undefined for what isn't a preflight, or is nobody's business because no origin is allowed.
   */
  readonly toPreflight: (method: string, headers: Readonly<Record<string, string | undefined>>) => Headers | undefined
}

const { exposedHeaders, maxAge, methods, requestHeaders } = crossOriginRules

const allowing = (origin: string): Headers => ({
  "access-control-allow-origin": origin,
  "access-control-expose-headers": exposedHeaders.join(", ")
})

// No credentials: there are no cookies, and a page sends its token itself.
const allowingPreflight = (origin: string): Headers => ({
  "access-control-allow-origin": origin,
  "access-control-allow-methods": methods.join(", "),
  "access-control-allow-headers": requestHeaders.join(", "),
  "access-control-max-age": String(maxAge)
})

/** The headers that these settings lead to (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export const browserHeaders = ({ corsAllowedOrigins, hstsMaxAge }: BrowserSettings): BrowserHeaders => {
  const always = securityHeadersFor(hstsMaxAge)
  if (corsAllowedOrigins.length === 0) return { to: () => always, toPreflight: () => undefined }

  const forAny = corsAllowedOrigins === "*"
  // Where it depends on the origin, a cache must know: also of the answer to somebody who has sent none.
  const others = forAny ? always : { ...always, vary: "Origin" }
  const answers = new Map<string, Headers>()
  const preflights = new Map<string, Headers>()
  for (const origin of corsAllowedOrigins) {
    answers.set(origin, { ...others, ...allowing(origin) })
    preflights.set(origin, { ...others, ...allowingPreflight(origin) })
  }
  const find = (among: ReadonlyMap<string, Headers>, origin: string | undefined): Headers =>
    among.get(forAny ? "*" : origin ?? "") ?? others

  return {
    to: (origin) => find(answers, origin),
    toPreflight: (method, { origin, "access-control-request-method": asked }) =>
      method === "OPTIONS" && origin !== undefined && asked !== undefined ? find(preflights, origin) : undefined
  }
}

/** What a program's answers carry for browsers. Unless it says otherwise, no other origin's page may read them. */
export const AnswerHeaders = Context.Reference<BrowserHeaders>("marginalia/api/handlers/AnswerHeaders", {
  defaultValue: () => browserHeaders({ corsAllowedOrigins: [], hstsMaxAge: undefined })
})
