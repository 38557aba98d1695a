import * as ByteSize from "effect/ByteSize"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { HttpApiSchemaError } from "effect/http-api/HttpApiError"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Fault } from "../Problems.ts"
import { ContentTooLarge, InternalError, MalformedRequest, UnsupportedMediaType } from "../Problems.ts"
import { IgnoredBody, JsonBody, maxBodyBytes, Parameters, RequestBody } from "../RequestRules.ts"
import { problem } from "./respond.ts"

const issues = SchemaIssue.makeFormatterStandardSchemaV1()

const faultsOf = (error: HttpApiSchemaError): ReadonlyArray<Fault> =>
  issues(error.cause.issue).issues.map(({ message, path }) => ({
    pointer: (path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment)).join("/"),
    detail: message
  }))

const malformed = (errors: ReadonlyArray<Fault>) =>
  problem(new MalformedRequest({ detail: "A parameter or header isn't as it should be.", errors: [...errors] }))

// Endpoints that take query parameters have a schema, which names those that aren't in it.
const refuseAnyQuery = <E, R>(endpointEffect: Effect.Effect<HttpServerResponse, E, R>) =>
  Effect.flatMap(HttpServerRequest.ParsedSearchParams, (parameters) => {
    const names = Object.keys(parameters)
    return names.length === 0
      ? endpointEffect
      : malformed(
        names.slice(0, 100).map((name) => ({ pointer: name.slice(0, 64), detail: "there is no such parameter" }))
      )
  })

const explainRefusal = (error: HttpApiSchemaError) =>
  error.kind === "Body" || error.kind === "ResponseHeaders"
    ? Effect.andThen(
      Effect.logError("an answer doesn't fit its contract", error.cause),
      problem(new InternalError({ detail: "It has been logged under this request's id." }))
    )
    : malformed(faultsOf(error))

const isRefusal = (error: unknown): error is HttpApiSchemaError => HttpApiSchemaError.is(error)

/** 400 for parameters and headers that their schemas refuse; an answer that its own schema refuses is a fault of ours. */
const parametersLayer: Layer.Layer<Parameters> = Layer.succeed(
  Parameters,
  (endpointEffect, { endpoint }) =>
    Effect.catchCause(
      endpoint.query === undefined ? refuseAnyQuery(endpointEffect) : endpointEffect,
      (cause) => {
        const refusal = cause.reasons.find(Cause.isFailReason)?.error
        return isRefusal(refusal) ? explainRefusal(refusal) : Effect.failCause(cause)
      }
    )
)

// The answer leaves at once and the connection closes, so that nobody has to receive the rest.
const tooLarge = problem(new ContentTooLarge({ detail: `A request body has at most ${maxBodyBytes} bytes.` }), {
  connection: "close"
})

const unsupported = problem(
  new UnsupportedMediaType({ detail: "Send Content-Type: application/json, in UTF-8 and without Content-Encoding." }),
  { accept: "application/json" }
)

const cutOff = problem(
  new MalformedRequest({ detail: "The body ended before it was complete.", errors: [] }),
  { connection: "close" }
)

const jsonMediaType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

const isJson = (headers: Readonly<Record<string, string | undefined>>): boolean => {
  const encoding = headers["content-encoding"]
  return jsonMediaType.test((headers["content-type"] ?? "").trim()) &&
    (encoding === undefined || encoding.trim().toLowerCase() === "identity")
}

const announcesTooMuch = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  Number(headers["content-length"] ?? 0) > maxBodyBytes

// The platform keeps what went wrong with a body a few causes deep.
const isOverLimit = (error: unknown): boolean =>
  Predicate.hasProperty(error, "maxBytes") ||
  (Predicate.hasProperty(error, "reason") && isOverLimit(error.reason)) ||
  (Predicate.hasProperty(error, "cause") && isOverLimit(error.cause))

const readBody = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<Uint8Array, HttpServerResponse> =>
  request.arrayBuffer.pipe(
    Effect.map((buffer) => new Uint8Array(buffer)),
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBodyBytes)),
    Effect.catch((error) => Effect.flip(isOverLimit(error) ? tooLarge : cutOff))
  )

/** 415, then 413, then the body itself. */
const jsonBodyLayer: Layer.Layer<JsonBody> = Layer.succeed(
  JsonBody,
  (endpointEffect) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      if (!isJson(request.headers)) return unsupported
      if (announcesTooMuch(request.headers)) return tooLarge
      return Effect.matchEffect(readBody(request), {
        onFailure: Effect.succeed,
        onSuccess: (body) => Effect.provideService(endpointEffect, RequestBody, body)
      })
    })
)

/** 413 for a body that nobody wants anyway. One of unknown length has to be read for that. */
const ignoredBodyLayer: Layer.Layer<IgnoredBody> = Layer.succeed(
  IgnoredBody,
  (endpointEffect) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      if (announcesTooMuch(request.headers)) return tooLarge
      if (request.headers["transfer-encoding"] === undefined) return endpointEffect
      return Effect.matchEffect(readBody(request), { onFailure: Effect.succeed, onSuccess: () => endpointEffect })
    })
)

/** All that both contracts need of the server but authentication. */
export const requestRulesLayer = Layer.mergeAll(parametersLayer, jsonBodyLayer, ignoredBodyLayer)
