import * as Duration from "effect/Duration"
import { clientAddressHeader } from "../../api/gatewayLimits.ts"
import { developmentAudience, developmentIssuer } from "../../platform/DevelopmentTokens.ts"
import type { RateLimit } from "../../platform/rateLimitSettings.ts"
import type { StackSettings } from "../../platform/StackSettings.ts"

const written = (limit: RateLimit | null): string =>
  limit === null ? "off" : `${limit.burst} per ${Duration.toSeconds(limit.window)} seconds`

/**
 * What both services of the stack are told alike, as the environment says it: whose tokens they believe, and of the stack's own
 * settings those that they keep. No origin and no time are nothing said.
 */
export const serviceSettings = (
  { corsAllowedOrigins: origins, hstsMaxAge, rateLimits }: Pick<
    StackSettings,
    "corsAllowedOrigins" | "hstsMaxAge" | "rateLimits"
  >,
  jwksUrl: string
): Readonly<Record<string, string>> => ({
  // The entry sets it, whatever a client has sent.
  CLIENT_ADDRESS_HEADER: clientAddressHeader,
  TOKEN_ISSUER: developmentIssuer,
  TOKEN_AUDIENCE: developmentAudience,
  TOKEN_JWKS_URL: jwksUrl,
  RATE_LIMIT_COMMANDS: written(rateLimits.commands),
  RATE_LIMIT_QUERIES: written(rateLimits.queries),
  ...(origins.length === 0 ? {} : { CORS_ALLOWED_ORIGINS: origins === "*" ? "*" : origins.join(",") }),
  ...(hstsMaxAge === undefined ? {} : { HSTS_MAX_AGE: `${Duration.toMillis(hstsMaxAge)} millis` })
})
