import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import { moderateScope, writeScope } from "../Authentication.ts"
import { MalformedRequest, MethodNotAllowed, RouteNotFound } from "../Problems.ts"
import { type admission, authenticate, bearerOf } from "./authentication.ts"
import { problem } from "./respond.ts"
import type { RouteTable } from "./RouteTable.ts"
import { pathOf } from "./RouteTable.ts"

const isDecodable = (path: string): boolean => Result.isSuccess(Result.try(() => decodeURIComponent(path)))

const noMethods: ReadonlySet<string> = new Set()

const reads = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * What a request is answered that no route takes: `OPTIONS` and 405 say what the address knows; an address that isn't
 * known is 404, for commands only after they were counted and the token and its scope were looked at, as the contract orders it.
 */
export const answerUnrouted = Effect.fnUntraced(function*(
  table: RouteTable,
  admitting: Effect.Success<typeof admission>,
  request: HttpServerRequest
): Effect.fn.Return<HttpServerResponse.HttpServerResponse> {
  const path = pathOf(request.url)
  if (!isDecodable(path)) {
    return yield* problem(
      new MalformedRequest({
        detail: "The path isn't percent-encoded UTF-8.",
        errors: [{ pointer: "path", detail: "can't be decoded" }]
      })
    )
  }
  const served = table.find(path)
  if (served !== undefined) {
    // Sent past the entry point: what is allowed here is what this service has, without the method that the other one has.
    const misdirected = served.elsewhere.has(request.method)
    const allow = [...served.methods.difference(misdirected ? served.elsewhere : noMethods), "OPTIONS"].join(", ")
    return request.method === "OPTIONS"
      ? HttpServerResponse.empty({ status: 204, headers: { allow } })
      : yield* problem(new MethodNotAllowed({ detail: `Allowed here: ${allow}.` }), { allow })
  }
  const notFound = problem(new RouteNotFound({ detail: "No such address. /docs lists those there are." }))
  if (reads.has(request.method)) return yield* notFound
  const credential = bearerOf(request.headers["authorization"])
  return yield* authenticate(admitting, credential, [writeScope, moderateScope], "command").pipe(
    Effect.matchEffect({ onFailure: Effect.succeed, onSuccess: () => notFound })
  )
})
