import * as Duration from "effect/Duration"
import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { Server } from "node:http"
import type { Duplex } from "node:stream"

/** The largest head of a request, in bytes: request line and all headers together. */
export const maxHeaderBytes = 16 * 1024

/** How many connections are open at once. More are refused. */
export const maxConnections = 10_000

/** How long a client may take for its request's headers, in milliseconds. */
export const headersTimeout = 10_000

/** How long a client may take for its whole request, in milliseconds. */
export const requestTimeout = 30_000

// Longer than the 60 s after which a load balancer gives up an idle connection: the one who waits longer must be the
// server, or the balancer sends a request into a connection that is just being closed.
const keptAlive = Duration.seconds(65)

/** What a server may be told; what isn't said is as it is everywhere. */
export interface NodeServerOptions {
  /**
   * How long a connection may be idle between two requests: longer than whoever is before the server keeps it. 65 seconds,
   * if left out. The limit for a request's headers doesn't run meanwhile, so it needn't be longer.
   */
  readonly keepAliveTimeout?: Duration.Duration
  /** How what never became a request is answered; with a problem, if left out. */
  readonly refuse?: RefuseConnection
}

// How long nothing may move on a connection, in milliseconds, whatever it waits for: a client that never reads its answer
// doesn't hold it for ever. Longer than any request takes to be answered, and than an idle connection is kept.
const inactivityTimeout = (keepAliveTimeout: number): number => Math.max(60_000, keepAliveTimeout) + 10_000

interface Refusal {
  readonly status: number
  readonly reason: string
  /** The last part of the problem's type, which has a page of its own. */
  readonly problem: string
  readonly title: string
  readonly detail: string
}

const malformed: Refusal = {
  status: 400,
  reason: "Bad Request",
  problem: "malformed-request",
  title: "The request can't be read",
  detail: "It isn't HTTP."
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: "Request Header Fields Too Large",
    problem: "request-header-fields-too-large",
    title: "The request's headers are too large",
    detail: `Its address and headers have more than ${maxHeaderBytes} bytes.`
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: "Request Timeout",
    problem: "request-timeout",
    title: "The request took too long to arrive",
    detail: `Its headers take at most ${headersTimeout / 1000} seconds, all of it at most ${requestTimeout / 1000}.`
  }
}

// What never becomes a request is answered as everything else is, and it is the last on its connection.
const answerTo = ({ detail, problem, status, title }: Refusal) => {
  const body = JSON.stringify({ detail, type: `/problems/${problem}`, status, title })
  const headers = {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-request-id": randomUUID(),
    "connection": "close"
  }
  return { body, headers }
}

/** Answers what never became a request, if anything can still be said, and ends its connection. */
export type RefuseConnection = (error: Error & { readonly code?: string }, socket: Duplex) => void

/** With a problem, as all else is answered. */
export const refuseConnection: RefuseConnection = (error, socket) => {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy()
    return
  }
  const refusal = refusals[error.code ?? ""] ?? malformed
  const { body, headers } = answerTo(refusal)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")
  socket.end(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\n${lines}\r\n${body}`)
}

// RFC 9112, section 3.2. Node would do this by itself, but without a problem and an id.
const refuseWithoutHost: FastLane = (request, response) => {
  if (request.headers.host !== undefined || request.httpVersion !== "1.1") return false
  const { body, headers } = answerTo({ ...malformed, detail: "It has no Host header." })
  response.writeHead(malformed.status, headers).end(body)
  return true
}

/**
 * Takes a request, or leaves it alone and says so by `false`. What it has taken it answers, at once or later, or it passes
 * it on after all.
 */
export type FastLane = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean

// Requests are offered to the lane first. Whatever it leaves alone goes to whoever listens, as with any other server.
class LanedServer extends Server {
  #lane: FastLane = () => false

  override emit(event: string, ...parts: Array<never>): boolean {
    const [request, response] = parts
    return event === "request" && request !== undefined && response !== undefined
      ? this.take(request, response)
      : super.emit(event, ...parts)
  }

  take(request: IncomingMessage, response: ServerResponse<IncomingMessage> & { req: IncomingMessage }): boolean {
    const pass = () => super.emit("request", request, response)
    return this.#lane(request, response, pass) || pass()
  }

  open(lane: FastLane): this {
    this.#lane = lane
    return this
  }
}

/** A Node server with all its limits set: nobody holds a connection, a request or memory for longer than these allow. */
export const makeNodeServer = (lane: FastLane, options: NodeServerOptions = {}): Server => {
  const keepAliveTimeout = Duration.toMillis(options.keepAliveTimeout ?? keptAlive)
  const server = new LanedServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: 1000,
    noDelay: true,
    requireHostHeader: false,
    // Nothing else is spoken here, and whoever offers to is answered in HTTP/1.1 (RFC 9110, section 7.8).
    shouldUpgradeCallback: () => false
  }).open((request, response, pass) => refuseWithoutHost(request, response, pass) || lane(request, response, pass))
  server.maxConnections = maxConnections
  server.timeout = inactivityTimeout(keepAliveTimeout)
  server.on("clientError", options.refuse ?? refuseConnection)
  // An expectation that nobody knows may be ignored (RFC 9110, section 10.1.1); Node's own 417 would have no problem and no id.
  server.on("checkExpectation", (request, response) => server.take(request, response))
  return server
}
