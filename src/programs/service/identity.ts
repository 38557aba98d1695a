import { remoteKeys } from "../../platform/remoteKeys.ts"
import type { TokenSettings } from "../../platform/tokenSettings.ts"
import { TokenVerifier } from "../../platform/TokenVerifier.ts"

/** Verifies the tokens of the issuer that the environment names. The issuer needn't be there when the program starts. */
export const identity = ({ audience, issuer, jwksUrl }: TokenSettings) =>
  TokenVerifier.layer({ issuer, audience, keys: remoteKeys(jwksUrl) })
