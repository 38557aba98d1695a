import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { CommandApi } from "./CommandApi.ts"
import { QueryApi } from "./QueryApi.ts"

/** Both contracts as one: what the entry point offers, what the typed client is made from, what the documentation shows. */
export class MarginaliaApi extends HttpApi.make("marginalia")
  .addHttpApi(CommandApi)
  .addHttpApi(QueryApi)
  .annotateMerge(
    OpenApi.annotations({
      title: "Marginalia",
      version: "0.1.0",
      summary: "Comments on pictures",
      description:
        `Commands change comments and need a bearer token; queries read them and don't, but for a comment's history.

Errors are problems as in RFC 9457. Every answer carries \`X-Request-Id\`: the request's own, if it has one of a safe form.

Besides what each answer is described with here, all tell browsers what they may do: \`Content-Security-Policy\`, \`Cross-Origin-Resource-Policy\`, \`Referrer-Policy\`, \`X-Content-Type-Options\` and \`X-Frame-Options\`. Where a deployment asks for it, there are \`Strict-Transport-Security\`, and \`Vary\`, \`Access-Control-Allow-Origin\` and \`Access-Control-Expose-Headers\` for pages of the origins that it allows, whose preflights are answered with 204.

Wherever \`GET\` is described, \`HEAD\` is answered as well: with the same status and headers, and without a body. \`OPTIONS\` says in \`Allow\` which methods an address knows; any other method is 405, and an address that isn't described here 404. What is no method of HTTP at all is 400, and \`CONNECT\` gets no answer but the connection's end. The stack on one machine serves more than is described here: development tokens, and its own health.

Behind API Gateway some answers are the gateway's own: 401, 413 above 10 MB, 429, 431, 503 and 504 with a body of {"message"} and the header \`apigw-requestid\`.`,
      license: { name: "MIT", identifier: "MIT" },
      servers: [{ url: "/", description: "Wherever this document was served from." }]
    })
  )
{}
