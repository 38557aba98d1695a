import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { AuthorId } from "../domain/ids.ts"
import { InternalError, InvalidRequest, MalformedRequest } from "./Problems.ts"
import { JsonBody, Parameters } from "./RequestRules.ts"

/** Whom a development token shall speak for, and what it shall allow: scopes separated by spaces. */
export const DevelopmentTokenRequest = Schema.Struct({
  sub: AuthorId,
  scope: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[\x21\x23-\x5b\x5d-\x7e ]{0,1000}$/u)).annotate({
      description: "Scopes, separated by spaces (RFC 6749, section 3.3); `comments:write` unless said."
    })
  )
}).annotate({ identifier: "DevelopmentTokenRequest", examples: [{ sub: AuthorId.make("ana") }] })

/** A JWT for the `Authorization` header. */
export const DevelopmentToken = Schema.Struct({
  token: Schema.String.annotate({ description: "A JWT, for `Authorization: Bearer`." })
}).annotate({ identifier: "DevelopmentToken" })

export class DevelopmentTokenGroup extends HttpApiGroup.make("development")
  .add(
    HttpApiEndpoint.post("token", "/dev/token", {
      payload: DevelopmentTokenRequest,
      success: HttpApiSchema.WithHeaders(DevelopmentToken, { "cache-control": Schema.Literal("no-store") }),
      error: [MalformedRequest, InvalidRequest, InternalError]
    })
      .middleware(JsonBody)
      .annotate(OpenApi.Summary, "A token for anybody, signed by this program's own key")
      .annotate(OpenApi.Description, "It is verified on the same path as a real issuer's.")
  )
  .middleware(Parameters)
  .annotate(OpenApi.Description, "For development only: the deployed services have no such route.")
{}

/** Only the standalone program and the local stack serve this. */
export class DevelopmentTokenApi extends HttpApi.make("marginalia-development").add(DevelopmentTokenGroup) {}
