import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schema from "effect/Schema"
import { isTrustworthy } from "./privateHost.ts"

/** What an issuer says of itself can't be had, or can't be believed. */
export class DiscoveryFailed extends Schema.TaggedError<DiscoveryFailed>()("DiscoveryFailed", {
  message: Schema.String
}) {}

/**
 * Whether an issuer's configuration can be discovered: OpenID Connect Core 1.0 has its identifier an https URL without
 * query and fragment. Without TLS it must be on this machine or its own network.
 */
export const isDiscoverable = (issuer: string): boolean => !/[?#]/.test(issuer) && isTrustworthy(issuer)

/** Where an issuer's configuration is: OpenID Connect Discovery 1.0, section 4.1, has a slash at its end removed before. */
export const configurationUrl = (issuer: string): string =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`

// OpenID Connect Discovery 1.0, section 3.
const Configuration = Schema.Struct({ issuer: Schema.String, jwks_uri: Schema.String })
const decodeConfiguration = HttpClientResponse.schemaBodyJson(Configuration)

const isKeysUrl = (url: string, issuer: string): boolean =>
  isTrustworthy(url) && (/^https:/i.test(url) || /^http:/i.test(issuer))

/**
 * Asks an issuer where its keys are. Its answer must name the same issuer (section 4.3), so that nobody's keys are taken for
 * another's, and must not lead from https to http, nor by http to outside. `client` fails for what isn't 200.
 */
export const discoverKeysUrl = Effect.fnUntraced(function*(client: HttpClient.HttpClient, issuer: string) {
  const url = configurationUrl(issuer)
  const found = yield* client.get(url).pipe(Effect.flatMap(decodeConfiguration))
  if (found.issuer !== issuer) {
    return yield* new DiscoveryFailed({ message: `${url} speaks of another issuer than ${issuer}` })
  }
  if (!isKeysUrl(found.jwks_uri, issuer)) {
    return yield* new DiscoveryFailed({
      message: `${url} names no address from which the issuer's keys can be believed`
    })
  }
  return found.jwks_uri
})
