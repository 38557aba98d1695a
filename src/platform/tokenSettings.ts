import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { requiredSetting } from "./settings.ts"

/** Whose tokens are believed, and where the keys are that verify them. */
export interface TokenSettings {
  readonly issuer: string
  readonly audience: string
  /** The issuer's JSON Web Key Set (RFC 7517). */
  readonly jwksUrl: string
}

const isUrl = Schema.makeFilter((text: string) => URL.canParse(text) && /^https?:/.test(text))

/** Tokens, from `TOKEN_ISSUER`, `TOKEN_AUDIENCE` and `TOKEN_JWKS_URL`. */
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
      "the audience of the tokens that are accepted, as their claim \"aud\" has it"
    ),
    jwksUrl: yield* requiredSetting(
      "TOKEN_JWKS_URL",
      (name) => Config.schema(Schema.String.check(isUrl), name),
      "the http or https URL of the issuer's JSON Web Key Set"
    )
  }
  return settings
})
