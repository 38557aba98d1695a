import * as Effect from "effect/Effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { CommentText } from "../../domain/CommentText.ts"
import { describeFault, parseText } from "../../domain/CommentText.ts"
import type { Fault } from "../Problems.ts"
import { InvalidRequest } from "../Problems.ts"
import type { RequestBody } from "../RequestRules.ts"
import { parseJsonBody } from "./jsonBody.ts"
import { problem } from "./respond.ts"

// RFC 6901, section 3.
const pointerTo = (property: string): string => `/${property.replaceAll("~", "~0").replaceAll("/", "~1")}`

// A name may be as long as the body: what is echoed of it stays short.
const shown = (property: string): string => property.length <= 64 ? property : `${property.slice(0, 64)}…`

const validate = (body: unknown): Result.Result<CommentText, ReadonlyArray<Fault>> => {
  if (!Predicate.isObject(body) || Array.isArray(body)) {
    return Result.fail([{ pointer: "", detail: "must be an object" }])
  }
  const faults: Array<Fault> = Object.keys(body)
    .filter((property) => property !== "text")
    .slice(0, 100)
    .map((property) => ({
      pointer: pointerTo(shown(property)),
      detail: `there is no property ${JSON.stringify(shown(property))}`
    }))
  const raw: unknown = Object.hasOwn(body, "text") ? Reflect.get(body, "text") : undefined
  if (raw === undefined) return Result.fail([{ pointer: "/text", detail: "is missing" }, ...faults])
  if (typeof raw !== "string") return Result.fail([{ pointer: "/text", detail: "must be a string" }, ...faults])
  const text = parseText(raw)
  if (Result.isFailure(text)) {
    return Result.fail([
      ...text.failure.map((fault) => ({ pointer: "/text", detail: describeFault(fault) })),
      ...faults
    ])
  }
  return faults.length > 0 ? Result.fail(faults) : Result.succeed(text.success)
}

/** The text of a comment out of the request's body: 400 for what isn't JSON in UTF-8, 422 with every fault at once. */
export const readDraft: Effect.Effect<CommentText, HttpServerResponse, RequestBody> = Effect.gen(function*() {
  const text = validate(yield* parseJsonBody)
  if (Result.isFailure(text)) {
    return yield* Effect.flip(
      problem(new InvalidRequest({ detail: "The body is JSON, but not a comment.", errors: [...text.failure] }))
    )
  }
  return text.success
})
