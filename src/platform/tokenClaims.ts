import * as Schema from "effect/Schema"
import { AuthorId } from "../domain/ids.ts"

const Scopes = Schema.Union([Schema.String, Schema.Array(Schema.String)])

/** What is read in a token besides what is compared with settings and with the clock. */
export const TokenClaims = Schema.Struct({
  sub: AuthorId,
  exp: Schema.Finite,
  // RFC 8693, section 4.2, and RFC 9068: one string, separated by spaces. Some issuers write a list.
  scope: Schema.optionalKey(Scopes),
  // What some issuers (Okta, Entra) write in its place. API Gateway's authorizer reads it, too.
  scp: Schema.optionalKey(Scopes),
  client_id: Schema.optionalKey(Schema.String),
  // Cognito says so whether a token is for an API ("access") or tells a client who has signed in ("id").
  token_use: Schema.optionalKey(Schema.Literal("access"))
})
export type TokenClaims = typeof TokenClaims.Type

/** The scopes that a token has, as its issuer calls them. */
export const scopesOf = ({ scope, scp }: TokenClaims): ReadonlyArray<string> => {
  const scopes = scope ?? scp ?? []
  return typeof scopes === "string" ? scopes.split(" ").filter((one) => one !== "") : scopes
}

// RFC 7519, section 5.1, and RFC 9068, section 2.1, where "application/" may be left out.
const types = new Set(["jwt", "at+jwt", "application/jwt", "application/at+jwt"])

/**
 * Whether a header's `typ` is that of an access token, or isn't there: many issuers say nothing. What else an issuer signs
 * with the same key (a logout token, a security event, a DPoP proof) says what it is (RFC 8725, section 3.11).
 */
export const isAccessTokenType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === "string" && types.has(typ.toLowerCase()))
