import { Effect, Layer, Redacted, Schema } from "effect"
import { AuthorId } from "../../../src/domain/ids.ts"
import { TokenRejected, TokenVerifier } from "../../../src/platform/TokenVerifier.ts"

const Claims = Schema.fromJsonString(Schema.Struct({ sub: AuthorId, scopes: Schema.Array(Schema.String) }))
const encode = Schema.encodeSync(Claims)
const decode = Schema.decodeUnknownEffect(Claims)

/** The header that says who asks. */
export const authorizationOf = (sub: AuthorId, scopes: ReadonlyArray<string>): string =>
  `Bearer ${Buffer.from(encode({ sub, scopes })).toString("base64url")}`

/** Believes every token: signatures need real cryptography, and are tested elsewhere. */
export const simulatedTokens: Layer.Layer<TokenVerifier> = Layer.succeed(TokenVerifier, {
  verify: (credential) =>
    decode(Buffer.from(Redacted.value(credential), "base64url").toString()).pipe(
      Effect.mapError(() => new TokenRejected({ reason: "no token of this site" })),
      Effect.map(({ scopes, sub }) => ({
        subject: sub,
        scopes: new Set(scopes),
        expiresAt: Number.MAX_SAFE_INTEGER
      }))
    ),
  awaitsKeys: () => false,
  issuersNameOf: (scope) => scope
})
