import * as Context from "effect/Context"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Schema from "effect/Schema"
import type { Actor } from "../domain/CommentCommand.ts"
import { AuthorId } from "../domain/ids.ts"
import { InsufficientScope, ServiceUnavailable, TooManyRequests, Unauthorized } from "./Problems.ts"

/** Posting, editing and deleting what is one's own. */
export const writeScope = "comments:write"

/** Deleting, and reading the history of, what others wrote. */
export const moderateScope = "comments:moderate"

/** Whoever a verified token speaks for. */
export const Caller = Schema.Struct({ id: AuthorId, scopes: Schema.ReadonlySet(Schema.String) })
export type Caller = typeof Caller.Type

/** What a caller is to the rules of the domain. Nothing else reads scopes for that. */
export const actorOf = ({ id, scopes }: Caller): Actor => ({ id, moderator: scopes.has(moderateScope) })

/** The caller of the request at hand. */
export class CurrentCaller
  extends Context.Service<CurrentCaller, Caller>()("marginalia/api/Authentication/CurrentCaller")
{}

/** The scopes of which a token needs one to use an endpoint. Any valid token will do for an endpoint without. */
export const ScopesNeeded = Context.Reference<ReadonlyArray<string>>("marginalia/api/ScopesNeeded", {
  defaultValue: () => []
})

/** Needs a valid bearer token (RFC 6750) with a scope that the endpoint asks for, and provides its caller. */
export class Authentication extends HttpApiMiddleware.Service<Authentication, { provides: CurrentCaller }>()(
  "marginalia/api/Authentication",
  {
    security: { bearer: HttpApiSecurity.bearer },
    requiredForClient: true,
    error: [Unauthorized, InsufficientScope, TooManyRequests, ServiceUnavailable]
  }
) {}
