import * as Effect from "effect/Effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import { MalformedRequest } from "../Problems.ts"
import { RequestBody } from "../RequestRules.ts"
import { problem } from "./respond.ts"

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parse = (bytes: Uint8Array): Result.Result<unknown, string> =>
  Result.flatMap(
    Result.try({ try: () => utf8.decode(bytes), catch: () => "The body isn't valid UTF-8." }),
    (text) => Result.try({ try: (): unknown => JSON.parse(text), catch: () => "The body isn't valid JSON." })
  )

/** The request's body as a JSON value, or the 400 for one that isn't JSON in UTF-8. */
export const parseJsonBody: Effect.Effect<unknown, HttpServerResponse, RequestBody> = Effect.gen(function*() {
  const json = parse(yield* RequestBody)
  if (Result.isSuccess(json)) return json.success
  return yield* Effect.flip(
    problem(new MalformedRequest({ detail: json.failure, errors: [{ pointer: "", detail: json.failure }] }))
  )
})
