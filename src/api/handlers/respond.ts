import * as Effect from "effect/Effect"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Problem } from "../Problems.ts"
import { ServiceUnavailable } from "../Problems.ts"

type Headers = Readonly<Record<string, string>>

/** What nobody keeps, whatever RFC 9111 would allow where nothing is said: a 404 may be a comment's that is just arriving. */
export const noStore = { "cache-control": "no-store" } as const

/** Answers with a problem (RFC 9457) and the headers that go with it. */
export const problem = (
  instance: Problem,
  headers: Headers = {}
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.map(
    HttpServerRespondable.toResponse(instance),
    HttpServerResponse.setHeaders({ ...noStore, ...headers })
  )

const outOfService = (detail: string): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  problem(new ServiceUnavailable({ detail }), { "retry-after": "1" })

/** Something that this service needs is down: come back in a second. Which one it is stays in the log. */
export const unavailable = outOfService("Nothing was decided about the request. Try again shortly.")

/** The same for a command that may stand all the same, or may land later: only its own retry can tell. */
export const outcomeUnknown = outOfService(
  "It isn't known whether the request was done. A retry under the same Idempotency-Key is safe; without one, look first."
)

/** Answers with a value as JSON. */
export const json = (status: number, value: unknown, headers: Headers): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(value), { status, headers, contentType: "application/json" })
