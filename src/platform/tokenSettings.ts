import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isDiscoverable } from "./issuerDiscovery.ts"
import { isTrustworthy } from "./privateHost.ts"
import { requiredSetting, setting, SettingRefused } from "./settings.ts"

/** Whose tokens are believed, what is read in them, and where the keys are that verify them. */
export interface TokenSettings {
  readonly issuer: string
  readonly audience: string
  /** The claim that says whom a token is for: `aud` (RFC 7519), or the client that it was given to (Cognito's access tokens). */
  readonly audienceClaim: "aud" | "client_id"
  /** What the issuer calls the two scopes. */
  readonly scopes: { readonly write: string; readonly moderate: string }
  /** The issuer's JSON Web Key Set (RFC 7517); undefined where it is to be discovered. */
  readonly jwksUrl: string | undefined
}

const KeysUrl = Schema.String.check(Schema.makeFilter(isTrustworthy))

// RFC 6749, section 3.3.
const scopeName = (name: string) =>
  Config.schema(Schema.String.check(Schema.isPattern(/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/)), name)

const keysExpected =
  "the https URL of the issuer's JSON Web Key Set, or its http URL on this machine or its own network; it may be left out " +
  "where TOKEN_ISSUER is such an address that tells it, by OpenID Connect Discovery"

const readScopes = Effect.gen(function*() {
  const write = yield* setting(
    "TOKEN_WRITE_SCOPE",
    scopeName,
    "comments:write",
    "what the issuer calls the scope that allows writing"
  )
  const moderateExpected = "what the issuer calls the scope that allows moderating: another than TOKEN_WRITE_SCOPE"
  const moderate = yield* setting("TOKEN_MODERATE_SCOPE", scopeName, "comments:moderate", moderateExpected)
  // Else everybody who may write could delete what others wrote.
  if (moderate === write) {
    return yield* new SettingRefused({
      variable: "TOKEN_MODERATE_SCOPE",
      message: `TOKEN_MODERATE_SCOPE must be ${moderateExpected}.`
    })
  }
  return { write, moderate }
})

/** Tokens, from `TOKEN_ISSUER`, `TOKEN_AUDIENCE`, `TOKEN_AUDIENCE_CLAIM`, `TOKEN_WRITE_SCOPE`, `TOKEN_MODERATE_SCOPE` and `TOKEN_JWKS_URL`. */
export const readTokens = Effect.gen(function*() {
  const settings: TokenSettings = {
    issuer: yield* requiredSetting(
      "TOKEN_ISSUER",
      Config.NonEmptyString,
      "the issuer of the tokens that are accepted, as their claim \"iss\" has it"
    ),
    audience: yield* requiredSetting(
      "TOKEN_AUDIENCE",
      Config.NonEmptyString,
      "the audience of the tokens that are accepted, as the claim has it that TOKEN_AUDIENCE_CLAIM names"
    ),
    audienceClaim: yield* setting(
      "TOKEN_AUDIENCE_CLAIM",
      (name) => Config.schema(Schema.Literals(["aud", "client_id"]), name),
      "aud",
      "aud or client_id"
    ),
    scopes: yield* readScopes,
    jwksUrl: Option.getOrUndefined(
      yield* setting(
        "TOKEN_JWKS_URL",
        (name) => Config.map(Config.schema(KeysUrl, name), Option.some),
        Option.none<string>(),
        keysExpected
      )
    )
  }
  if (settings.jwksUrl === undefined && !isDiscoverable(settings.issuer)) {
    return yield* new SettingRefused({
      variable: "TOKEN_JWKS_URL",
      message: `TOKEN_JWKS_URL must be ${keysExpected}.`
    })
  }
  return settings
})
