import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { DevelopmentTokens } from "../../platform/DevelopmentTokens.ts"
import { writeScope } from "../Authentication.ts"
import { DevelopmentTokenApi, DevelopmentTokenRequest } from "../DevelopmentTokenApi.ts"
import { InvalidRequest } from "../Problems.ts"
import { parseJsonBody } from "./jsonBody.ts"
import { json, problem } from "./respond.ts"

const decodeRequest = Schema.decodeUnknownResult(DevelopmentTokenRequest, { errors: "all", onExcessProperty: "error" })
const issues = SchemaIssue.makeFormatterStandardSchemaV1()

/** Gives out development tokens. */
export const developmentTokenHandlers = HttpApiBuilder.group(
  DevelopmentTokenApi,
  "development",
  Effect.fnUntraced(function*(handlers) {
    const tokens = yield* DevelopmentTokens
    return handlers.handleRaw("token", () =>
      Effect.gen(function*() {
        const request = decodeRequest(yield* parseJsonBody)
        if (Result.isFailure(request)) {
          const errors = issues(request.failure.issue).issues.map(({ message, path }) => ({
            pointer: (path ?? []).map((segment) => `/${String(typeof segment === "object" ? segment.key : segment)}`)
              .join(""),
            detail: message
          }))
          return yield* problem(new InvalidRequest({ detail: "The body isn't a request for a token.", errors }))
        }
        const { scope, sub } = request.success
        return json(200, { token: yield* tokens.sign(sub, scope ?? writeScope) }, { "cache-control": "no-store" })
      }).pipe(Effect.catch(Effect.succeed)))
  })
)
