import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import { Authentication } from "./Authentication.ts"
import { MarginaliaApi } from "./MarginaliaApi.ts"

/** What a page of another origin may do once its origin is allowed: methods and headers in the Fetch standard's sense. */
export interface CrossOriginRules {
  readonly methods: ReadonlyArray<string>
  /** The request headers that the contract knows. */
  readonly requestHeaders: ReadonlyArray<string>
  /** The answers' headers that the contract promises, but those that any page may read without being allowed to. */
  readonly exposedHeaders: ReadonlyArray<string>
  /** How long a browser may remember the answer to a preflight, in seconds. Two hours is the most that Chromium takes. */
  readonly maxAge: number
}

// `Accept`, which comes with 415, is left out: it never says anything but what the contract says. Of these no schema of an
// endpoint knows: the first is on every answer, the second on each 405, the third on what needs another
// token, the fourth on what may be tried again, the others on whatever is counted.
const onAnyAnswer = ["x-request-id", "allow", "www-authenticate", "retry-after", "ratelimit-policy", "ratelimit"]

// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
const readableAnyway = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma"
])

const namesIn = (headers: Schema.Top | undefined): ReadonlyArray<string> =>
  headers !== undefined && SchemaAST.isObjects(headers.ast)
    ? headers.ast.propertySignatures.map(({ name }) => String(name))
    : []

const derive = (): CrossOriginRules => {
  const methods = new Set<string>()
  const requestHeaders = new Set<string>()
  const answerHeaders = new Set(onAnyAnswer)
  HttpApi.reflect(MarginaliaApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint }) => {
      for (const method of endpoint.method === "GET" ? ["GET", "HEAD"] : [endpoint.method]) methods.add(method)
      for (const name of namesIn(endpoint.headers)) requestHeaders.add(name)
      if (endpoint.middlewares.has(Authentication)) requestHeaders.add("authorization")
      // A browser asks before it sends JSON.
      if (endpoint.payload.size > 0) requestHeaders.add("content-type")
      for (const success of endpoint.success) {
        if (HttpApiSchema.isWithHeaders(success)) {
          for (const name of namesIn(success.headers)) answerHeaders.add(name)
        }
      }
    }
  })
  return {
    methods: Array.from(methods).toSorted(),
    requestHeaders: Array.from(requestHeaders).toSorted(),
    exposedHeaders: Array.from(answerHeaders).filter((name) => !readableAnyway.has(name)).toSorted(),
    maxAge: 7200
  }
}

/** The rules for pages of other origins, from the contracts. Which origins they hold for is a deployment's choice. */
export const crossOriginRules: CrossOriginRules = derive()
