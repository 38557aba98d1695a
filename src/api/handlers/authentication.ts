import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { RateLimits } from "../../platform/RateLimits.ts"
import { TokenVerifier } from "../../platform/TokenVerifier.ts"
import type { Caller } from "../Authentication.ts"
import { Authentication, CurrentCaller, ScopesNeeded } from "../Authentication.ts"
import { InsufficientScope, Unauthorized } from "../Problems.ts"
import { CountedQuery } from "../RequestRules.ts"
import { addressCaller, spend, userCaller } from "./rateLimiting.ts"
import { problem, unavailable } from "./respond.ts"

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

/** The credential of an `Authorization` header of RFC 6750; empty for any other and for none. Effect reads it so on a route. */
export const bearerOf = (authorization: string | undefined): Redacted.Redacted =>
  Redacted.make(/^bearer +([^ ].*)$/i.exec(authorization ?? "")?.[1] ?? "")

/** What tells who somebody is, and how much they may ask for. */
export const admission = Effect.gen(function*() {
  return { verifier: yield* TokenVerifier, limits: yield* RateLimits }
})

type Admission = Effect.Success<typeof admission>

const verified = Effect.fnUntraced(function*(verifier: TokenVerifier["Service"], credential: Redacted.Redacted) {
  if (Redacted.value(credential) === "") return yield* Effect.flip(anonymous)
  const token = yield* verifier.verify(credential).pipe(
    Effect.catchTags({
      TokenRejected: ({ reason }) =>
        Effect.andThen(Effect.logDebug("token rejected", { reason }), Effect.flip(unauthorized)),
      // Whoever asks for the keys has said that they can't be had, and not once for each request.
      TokenKeysUnavailable: ({ cause }) =>
        Effect.andThen(Effect.logDebug("token keys unavailable", cause), Effect.flip(unavailable))
    })
  )
  return { id: token.subject, scopes: token.scopes }
})

/**
 * Whoever may go on, or the answer for those who may not: 401 without a good token, 429 after too many commands, then 403
 * without a scope. Commands that come without a good token are counted for their address, and 429 in place of 401 once those
 * are too many. A query has been counted before.
 */
export const authenticate = Effect.fnUntraced(function*(
  { limits, verifier }: Admission,
  credential: Redacted.Redacted,
  scopesNeeded: ReadonlyArray<string>,
  kind: "command" | "query"
): Effect.fn.Return<Caller, HttpServerResponse> {
  const counted = (who: string) => kind === "command" ? spend(limits, "commands", who) : Effect.void
  const caller = yield* verified(verifier, credential).pipe(
    Effect.tapError(() => Effect.flatMap(addressCaller, counted))
  )
  yield* counted(userCaller(caller.id))
  if (scopesNeeded.length > 0 && !scopesNeeded.some((scope) => caller.scopes.has(scope))) {
    return yield* Effect.flip(insufficientScope(scopesNeeded.map(verifier.issuersNameOf)))
  }
  return caller
})

/** The server's side of `Authentication`, on whatever verifier the program has. */
export const authenticationLayer: Layer.Layer<Authentication, never, TokenVerifier | RateLimits> = Layer.effect(
  Authentication,
  Effect.map(admission, (admission) =>
    Authentication.of({
      bearer: (endpointEffect, { credential, endpoint }) =>
        authenticate(
          admission,
          credential,
          Context.get(endpoint.annotations, ScopesNeeded),
          endpoint.middlewares.has(CountedQuery) ? "query" : "command"
        ).pipe(
          Effect.matchEffect({
            onFailure: Effect.succeed,
            onSuccess: (caller) => Effect.provideService(endpointEffect, CurrentCaller, caller)
          })
        )
    }))
)
