import * as Context from "effect/Context"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { ContentTooLarge, MalformedRequest, TooManyRequests, UnsupportedMediaType } from "./Problems.ts"

/** The largest request body, in bytes. */
export const maxBodyBytes = 64 * 1024

/** The request's body, read but not parsed. */
export class RequestBody
  extends Context.Service<RequestBody, Uint8Array>()("marginalia/api/RequestRules/RequestBody")
{}

/** Answers parameters and headers that their schemas refuse with a problem that names each. */
export class Parameters extends HttpApiMiddleware.Service<Parameters>()("marginalia/api/Parameters", {
  error: MalformedRequest
}) {}

/** Reads a JSON body before anything else is looked at: its media type first, then its size. */
export class JsonBody extends HttpApiMiddleware.Service<JsonBody, { provides: RequestBody }>()(
  "marginalia/api/JsonBody",
  { error: [UnsupportedMediaType, ContentTooLarge, MalformedRequest] }
) {}

/** Looks at the size of a body that will not be read. */
export class IgnoredBody extends HttpApiMiddleware.Service<IgnoredBody>()("marginalia/api/IgnoredBody", {
  error: ContentTooLarge
}) {}

/** Whose the query at hand is, for all that is limited by caller; null where nobody has asked. */
export const QueryCaller = Context.Reference<string | null>("marginalia/api/RequestRules/QueryCaller", {
  defaultValue: () => null
})

/** Counts a query among those of its caller, who may be anybody, before anything else of it is looked at. */
export class CountedQuery extends HttpApiMiddleware.Service<CountedQuery>()("marginalia/api/CountedQuery", {
  error: TooManyRequests
}) {}
