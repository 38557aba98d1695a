import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { AuthorId } from "../../domain/ids.ts"
import { TokenVerifier } from "../../platform/TokenVerifier.ts"
import type { Caller } from "../Authentication.ts"
import { Authentication, CurrentCaller, ScopesNeeded } from "../Authentication.ts"
import { InsufficientScope, Unauthorized } from "../Problems.ts"
import { problem, unavailable } from "./respond.ts"

const decodeAuthor = Schema.decodeUnknownEffect(AuthorId)

// RFC 6750, section 3: the challenge names the scheme, and of the fault no more than its kind; nothing of it where there was no token.
const challenge = (more: string) =>
  problem(new Unauthorized({ detail: "Send a valid token: Authorization: Bearer <JWT>." }), {
    "www-authenticate": `Bearer realm="marginalia"${more}`
  })
const unauthorized = challenge(", error=\"invalid_token\"")
const anonymous = challenge("")

// RFC 6750, section 3: the scopes are named as a client has to ask the issuer for them.
const insufficientScope = (needed: ReadonlyArray<string>) =>
  problem(new InsufficientScope({ detail: `One of these scopes is needed: ${needed.join(", ")}.` }), {
    "www-authenticate": `Bearer realm="marginalia", error="insufficient_scope", scope="${needed.join(" ")}"`
  })

/** Whoever may go on, or the answer for those who may not: 401 without a good token, then 403 without a scope. */
export const authenticate = Effect.fnUntraced(function*(
  verifier: TokenVerifier["Service"],
  credential: Redacted.Redacted,
  scopesNeeded: ReadonlyArray<string>
): Effect.fn.Return<Caller, HttpServerResponse> {
  if (Redacted.value(credential) === "") return yield* Effect.flip(anonymous)
  const token = yield* verifier.verify(credential).pipe(
    Effect.catchTags({
      TokenRejected: ({ reason }) =>
        Effect.andThen(Effect.logDebug("token rejected", { reason }), Effect.flip(unauthorized)),
      TokenKeysUnavailable: ({ cause }) =>
        Effect.andThen(Effect.logError("token keys unavailable", cause), Effect.flip(unavailable))
    })
  )
  const id = yield* decodeAuthor(token.subject).pipe(Effect.catch(() => Effect.flip(unauthorized)))
  if (scopesNeeded.length > 0 && !scopesNeeded.some((scope) => token.scopes.has(scope))) {
    return yield* Effect.flip(insufficientScope(scopesNeeded.map(verifier.issuersNameOf)))
  }
  return { id, scopes: token.scopes }
})

/** The server's side of `Authentication`, on whatever verifier the program has. */
export const authenticationLayer: Layer.Layer<Authentication, never, TokenVerifier> = Layer.effect(
  Authentication,
  Effect.gen(function*() {
    const verifier = yield* TokenVerifier
    return Authentication.of({
      bearer: (endpointEffect, { credential, endpoint }) =>
        authenticate(verifier, credential, Context.get(endpoint.annotations, ScopesNeeded)).pipe(
          Effect.matchEffect({
            onFailure: Effect.succeed,
            onSuccess: (caller) => Effect.provideService(endpointEffect, CurrentCaller, caller)
          })
        )
    })
  })
)
