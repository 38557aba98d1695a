import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Layer from "effect/Layer"
import { currentTraceParent } from "../../platform/currentTraceParent.ts"
import { Draining } from "../../platform/Draining.ts"
import type { RateLimits } from "../../platform/RateLimits.ts"
import type { TokenVerifier } from "../../platform/TokenVerifier.ts"
import { InternalError } from "../Problems.ts"
import { AnswerHeaders } from "./answerHeaders.ts"
import { admission } from "./authentication.ts"
import { clientAddress, ClientAddressHeader } from "./clientAddress.ts"
import { CurrentRequest, parseTraceParent, requestId } from "./CurrentRequest.ts"
import { answerUnrouted } from "./fallback.ts"
import { observeRequest } from "./httpMetrics.ts"
import { routable } from "./requestTarget.ts"
import { problem } from "./respond.ts"
import type { RouteTable } from "./RouteTable.ts"
import { pathOf } from "./RouteTable.ts"

const isUnrouted = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) =>
    Cause.isFailReason(reason) && HttpServerError.isHttpServerError(reason.error) &&
    reason.error.reason._tag === "RouteNotFound"
  )

/**
 * What surrounds every request: its id, an answer whatever happens within (nothing internal leaks out of a failure), what
 * the answer carries for browsers, its log line and its metrics. A preflight is answered here: it asks about no route.
 */
export const envelope = (table: RouteTable): Layer.Layer<
  never,
  never,
  HttpRouter.HttpRouter | TokenVerifier | RateLimits | Draining
> =>
  HttpRouter.middleware(
    Effect.gen(function*() {
      const admitting = yield* admission
      const draining = yield* Draining
      const addressHeader = yield* ClientAddressHeader
      const browsers = yield* AnswerHeaders
      const internalError = problem(new InternalError({ detail: "It has been logged under this request's id." }))

      return (routed) =>
        Effect.gen(function*() {
          const received = yield* HttpServerRequest.HttpServerRequest
          const request = routable(received)
          const started = yield* Clock.currentTimeNanos
          const id = requestId(request.headers["x-request-id"])
          const facts = {
            id,
            traceParent: (yield* currentTraceParent) ?? parseTraceParent(request.headers["traceparent"]),
            address: clientAddress(request, addressHeader)
          }

          const preflight = browsers.toPreflight(request.method, request.headers)
          const here = preflight === undefined ? routed : Effect.succeed(HttpServerResponse.empty({ status: 204 }))
          const answer = request === received
            ? here
            : Effect.provideService(here, HttpServerRequest.HttpServerRequest, request)
          const response = yield* answer.pipe(
            Effect.catchCause((cause) => {
              if (isUnrouted(cause)) return answerUnrouted(table, admitting, request)
              // The client has gone, or the server is going: there is nobody to tell.
              if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
              return Effect.andThen(Effect.logError("a request failed", cause), internalError)
            }),
            Effect.provideService(CurrentRequest, facts),
            Effect.annotateLogs("requestId", id)
          )

          const seconds = Number((yield* Clock.currentTimeNanos) - started) / 1e9
          const route = table.find(pathOf(request.url))?.template
          yield* observeRequest(route, request.method, response.status, seconds)
          yield* Effect.logDebug("answered").pipe(
            Effect.annotateLogs({ requestId: id, method: request.method, route, status: response.status, seconds })
          )
          const headers: Record<string, string> = {
            ...(preflight ?? browsers.to(request.headers["origin"])),
            "x-request-id": id
          }
          // A page that needs more than nothing says so itself.
          const policy = response.headers["content-security-policy"]
          if (policy !== undefined) headers["content-security-policy"] = policy
          if (draining.begun()) headers["connection"] = "close"
          return HttpServerResponse.setHeaders(response, headers)
        })
    }),
    { global: true }
  )
