import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { moderateScope, writeScope } from "../../api/Authentication.ts"
import { remoteKeys } from "../../platform/remoteKeys.ts"
import type { TokenSettings } from "../../platform/tokenSettings.ts"
import { TokenVerifier } from "../../platform/TokenVerifier.ts"

/** Verifies the tokens of the issuer that the environment names. The issuer needn't be there when the program starts. */
export const identity = ({ audience, audienceClaim, issuer, jwksUrl, scopes }: TokenSettings) =>
  Layer.unwrap(
    Effect.map(remoteKeys({ issuer, jwksUrl }), (keys) =>
      TokenVerifier.layer({
        issuer,
        audience,
        audienceClaim,
        scopeNames: new Map([[scopes.write, writeScope], [scopes.moderate, moderateScope]]),
        keys
      }))
  ).pipe(Layer.provide(FetchHttpClient.layer))
