import * as Duration from "effect/Duration"
import type { IncomingMessage, ServerResponse } from "node:http"
import { Server } from "node:http"
import { countEnded, Exchanges } from "./exchanges.ts"
import {
  type HeadersFor,
  overdue,
  refuse,
  type RefuseConnection,
  refuseOnTheWire,
  refusing,
  severalHosts,
  tooManyHeaders,
  withoutHost
} from "./refusals.ts"
import { securityHeadersFor } from "./securityHeaders.ts"
import {
  exchangeTimeout,
  headersTimeout,
  maxConnections,
  maxHeaderBytes,
  maxHeaders,
  requestTimeout
} from "./serverLimits.ts"

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
  /** For how long browsers are told to come by TLS only, also by what never became a request; they aren't, if left out. */
  readonly hstsMaxAge?: Duration.Duration | undefined
  /** What a request's refusal carries as all else that answers it; as what never became a request, if left out. */
  readonly headersFor?: HeadersFor
  /** How long a request and its answer may take together; 60 seconds, if left out. */
  readonly exchangeTimeout?: Duration.Duration
  /** How many connections are open at once; 10,000, if left out. */
  readonly maxConnections?: number
}

// How long nothing may move on a connection, in milliseconds, whatever it waits for. Longer than any request takes to be
// answered, and than an idle connection is kept.
const inactivityTimeout = (keepAliveTimeout: number): number => Math.max(60_000, keepAliveTimeout) + 10_000

/**
 * Takes a request, or leaves it alone and says so by `false`. What it has taken it answers, at once or later, or it passes
 * it on after all.
 */
export type FastLane = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean

/** Tells whether a request may come in. One that may not has been answered. */
type Door = (request: IncomingMessage, response: ServerResponse) => boolean

// Requests come by the door, and are offered to the lane. Whatever it leaves alone goes to whoever listens, as with any other
// server.
class LanedServer extends Server {
  #door: Door = () => true
  #lane: FastLane = () => false

  override emit(event: string, ...parts: Array<never>): boolean {
    const [request, response] = parts
    if (request === undefined || response === undefined) return super.emit(event, ...parts)
    if (event === "request") return this.take(request, response)
    // Whoever asks first whether it may send its body is told so by whoever reads it.
    return event === "checkContinue"
      ? this.#door(request, response) && super.emit(event, ...parts)
      : super.emit(event, ...parts)
  }

  take(request: IncomingMessage, response: ServerResponse<IncomingMessage> & { req: IncomingMessage }): boolean {
    if (!this.#door(request, response)) return true
    const pass = () => super.emit("request", request, response)
    return this.#lane(request, response, pass) || pass()
  }

  open(door: Door, lane: FastLane): this {
    this.#door = door
    this.#lane = lane
    return this
  }
}

// What is refused before anybody sees it.
const refusalOf = (request: IncomingMessage) => {
  const { headers, httpVersion, rawHeaders } = request
  if (headers.host === undefined && httpVersion === "1.1") return withoutHost
  // Two are joined by a comma. One may have a comma of its own, but hardly has.
  if (headers.host?.includes(",") && request.headersDistinct["host"]?.length !== 1) return severalHosts
  return rawHeaders.length > 2 * maxHeaders ? tooManyHeaders : undefined
}

/** A Node server with all its limits set: nobody holds a connection, a request or memory for longer than these allow. */
export const makeNodeServer = (lane: FastLane, options: NodeServerOptions = {}): Server => {
  const keepAliveTimeout = Duration.toMillis(options.keepAliveTimeout ?? keptAlive)
  const always = securityHeadersFor(options.hstsMaxAge)
  const headersFor = options.headersFor ?? (() => always)
  const refuseConnection = options.refuse ?? refusing(always)
  const exchanges = new Exchanges(
    options.exchangeTimeout === undefined ? exchangeTimeout : Duration.toMillis(options.exchangeTimeout),
    // The answer isn't ended but its connection: whoever works on it must hear that nobody waits any more. What has begun
    // and can't be stopped goes on to its end, as where a client goes away.
    ({ headersSent, req }) =>
      headersSent ? req.socket.destroy() : refuseOnTheWire(req.socket, overdue, headersFor(req.headers), req)
  )
  const server = new LanedServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: 1000,
    noDelay: true,
    requireHostHeader: false,
    // Node would take the first of two and hide the other, be it two tokens: now both are seen, and are no token.
    joinDuplicateHeaders: true,
    // Nothing else is spoken here, and whoever offers to is answered in HTTP/1.1 (RFC 9110, section 7.8).
    shouldUpgradeCallback: () => false
  }).open((request, response) => {
    if (!exchanges.begin(response)) {
      // What came with it is still offered, one by one.
      if (!request.socket.destroyed) countEnded("pipelined")
      request.socket.destroy()
      return false
    }
    const refusal = refusalOf(request)
    if (refusal !== undefined) refuse(response, refusal, headersFor(request.headers))
    return refusal === undefined
  }, lane)
  exchanges.watch(server)
  // More are refused than anybody needs, so that none is left out unseen.
  server.maxHeadersCount = 0
  server.maxConnections = options.maxConnections ?? maxConnections
  server.on("drop", () => countEnded("connections"))
  server.timeout = inactivityTimeout(keepAliveTimeout)
  server.on("clientError", (error, socket) => {
    if (exchanges.maySpeak(socket)) refuseConnection(error, socket)
    else socket.destroy()
  })
  // An expectation that nobody knows may be ignored (RFC 9110, section 10.1.1); Node's own 417 would have no problem and no id.
  server.on("checkExpectation", (request, response) => server.take(request, response))
  return server
}
