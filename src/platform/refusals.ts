import * as DateTime from "effect/DateTime"
import { randomUUID } from "node:crypto"
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { securityHeaders } from "./securityHeaders.ts"
import { exchangeTimeout, headersTimeout, maxHeaderBytes, maxHeaders, requestTimeout } from "./serverLimits.ts"

/** What is said to whoever can't be served as a request is. */
export interface Refusal {
  readonly status: number
  readonly reason: string
  /** The last part of the problem's type, which has a page of its own. */
  readonly problem: string
  readonly title: string
  readonly detail: string
  /** Which parts of the request are at fault. Of what can't be taken apart there are none, but whoever reads the problem expects a list. */
  readonly errors?: ReadonlyArray<never>
  readonly headers?: Readonly<Record<string, string>>
}

const malformed: Refusal = {
  status: 400,
  reason: "Bad Request",
  problem: "malformed-request",
  title: "The request can't be read",
  detail: "It isn't HTTP.",
  errors: []
}

/** RFC 9112, section 3.2. Node would say so by itself, but without a problem and an id. */
export const withoutHost: Refusal = { ...malformed, detail: "It has no Host header." }

/** RFC 9112, section 3.2: who is before this server may have taken the other one. */
export const severalHosts: Refusal = { ...malformed, detail: "It has more than one Host header." }

const headTooLarge: Refusal = {
  status: 431,
  reason: "Request Header Fields Too Large",
  problem: "request-header-fields-too-large",
  title: "The request's headers are too large",
  detail: `Its address and headers have more than ${maxHeaderBytes} bytes.`
}

export const tooManyHeaders: Refusal = { ...headTooLarge, detail: `It has more than ${maxHeaders} headers.` }

/** The request is there, but not its answer. */
export const overdue: Refusal = {
  status: 503,
  reason: "Service Unavailable",
  problem: "service-unavailable",
  title: "Something this service needs is down",
  detail:
    `There is no answer after ${
      exchangeTimeout / 1000
    } seconds. It isn't known whether the request was done. A retry ` +
    "under the same Idempotency-Key is safe; without one, look first.",
  headers: { "retry-after": "1" }
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: headTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: "Request Timeout",
    problem: "request-timeout",
    title: "The request took too long to arrive",
    detail: `Its headers take at most ${headersTimeout / 1000} seconds, all of it at most ${requestTimeout / 1000}.`
  }
}

type Headers = Readonly<Record<string, string>>

/** What an answer to a request with these headers carries, whatever it is: what browsers must know, and the request's id. */
export type HeadersFor = (headers: IncomingHttpHeaders) => Headers

// What is refused is answered as everything else is, and it is the last on its connection. Of what never becomes a request it
// can't be told whose page it is from, so no page of another origin gets to read that, nor which id it has.
const answerTo = ({ detail, errors, headers, problem, status, title }: Refusal, always: Headers) => {
  const body = JSON.stringify({ detail, errors, type: `/problems/${problem}`, status, title })
  return {
    body,
    headers: {
      "content-type": "application/problem+json",
      "content-length": String(Buffer.byteLength(body)),
      "cache-control": "no-store",
      "x-request-id": randomUUID(),
      "connection": "close",
      ...always,
      ...headers
    }
  }
}

/** Answers a request with a refusal. */
export const refuse = (response: ServerResponse, refusal: Refusal, always: Headers): void => {
  const { body, headers } = answerTo(refusal, always)
  response.writeHead(refusal.status, headers).end(body)
}

/** The same on a bare connection, which ends with it; without a body where that is known to be the answer to HEAD. */
export const refuseOnTheWire = (socket: Duplex, refusal: Refusal, always: Headers, to?: IncomingMessage): void => {
  const { body, headers } = answerTo(refusal, always)
  const lines = Object.entries({ date: DateTime.toDateUtc(DateTime.nowUnsafe()).toUTCString(), ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("")
  socket.end(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\n${lines}\r\n${to?.method === "HEAD" ? "" : body}`)
}

/** Answers what never became a request, if anything can still be said, and ends its connection. */
export type RefuseConnection = (error: Error & { readonly code?: string }, socket: Duplex) => void

/** With a problem, as all else is answered, and with the headers that every answer has. */
export const refusing = (always: Headers): RefuseConnection => (error, socket) => {
  if (!socket.writable || error.code === "ECONNRESET") socket.destroy()
  else refuseOnTheWire(socket, refusals[error.code ?? ""] ?? malformed, always)
}

/** With a problem, as all else is answered. */
export const refuseConnection = refusing(securityHeaders)
