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
const keepAliveTimeout = 65_000

interface Refusal {
  readonly status: string
  readonly problem: string
  readonly title: string
  readonly detail: string
}

const malformed: Refusal = {
  status: "400 Bad Request",
  problem: "malformed-request",
  title: "The request can't be read",
  detail: "It isn't HTTP."
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    problem: "malformed-request",
    title: "The request can't be read",
    detail: `Its headers have more than ${maxHeaderBytes} bytes.`
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    problem: "malformed-request",
    title: "The request can't be read",
    detail: "It took too long to arrive."
  }
}

// What can't even be parsed never becomes a request, but is answered as everything else is.
const refuse = (error: Error & { readonly code?: string }, socket: Duplex): void => {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy()
    return
  }
  const { detail, problem, status, title } = refusals[error.code ?? ""] ?? malformed
  const body = JSON.stringify({ detail, type: `/problems/${problem}`, status: Number(status.slice(0, 3)), title })
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-request-id: ${randomUUID()}\r\nconnection: close\r\n\r\n${body}`
  )
}

/** Answers a request at once, or leaves it alone and says so by `false`. */
export type FastLane = (request: IncomingMessage, response: ServerResponse) => boolean

// Requests are offered to the lane first. Whatever it leaves alone goes to whoever listens, as with any other server.
class LanedServer extends Server {
  #lane: FastLane = () => false

  override emit(event: string, ...parts: Array<never>): boolean {
    const [request, response] = parts
    if (event === "request" && request !== undefined && response !== undefined && this.#lane(request, response)) {
      return true
    }
    return super.emit(event, ...parts)
  }

  open(lane: FastLane): this {
    this.#lane = lane
    return this
  }
}

/** A Node server with all its limits set: nobody holds a connection, a request or memory for longer than these allow. */
export const makeNodeServer = (lane: FastLane): Server => {
  const server = new LanedServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: 1000,
    noDelay: true
  }).open(lane)
  server.maxConnections = maxConnections
  server.on("clientError", refuse)
  return server
}
