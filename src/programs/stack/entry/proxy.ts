import { Agent, type IncomingMessage, request as send, type ServerResponse } from "node:http"
import { requestId } from "../../../api/handlers/CurrentRequest.ts"
import { explanations } from "../../../api/handlers/problemPages.ts"
import type { FastLane } from "../../../platform/nodeServer.ts"
import { answerHeaders, requestHeaders } from "./headers.ts"
import { passBody } from "./upload.ts"

/** How long a service may say nothing, in milliseconds: longer than any wait that the contract allows. */
const silence = 60_000

/** What the proxy needs to know. */
export interface ProxyOptions {
  /** The URL of the service that a request is for. */
  readonly serviceFor: (method: string, path: string) => URL
  /** Whether the program is ending: then every answer asks its client to close the connection. */
  readonly draining: () => boolean
}

const type = "service-unavailable"

// A read has no effect; a command may have had its own before the service went silent.
const unavailable = (method: string): string =>
  method === "GET" || method === "HEAD"
    ? "Nothing was decided about the request. Try again shortly."
    : "It isn't known whether the request was done. A retry under the same Idempotency-Key is safe; without one, look first."

const refuse = (request: IncomingMessage, response: ServerResponse, close: boolean): void => {
  const given = request.headers["x-request-id"]
  const title = explanations[type]?.title
  const body = JSON.stringify({
    detail: unavailable(request.method ?? ""),
    type: `/problems/${type}`,
    status: 503,
    title
  })
  response.writeHead(503, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "retry-after": "1",
    "x-request-id": requestId(typeof given === "string" ? given : undefined),
    ...(close ? { connection: "close" } : {})
  }).end(request.method === "HEAD" ? undefined : body)
}

// RFC 9112, section 3.2.2: a server understands the form that clients use with proxies, too.
const originForm = (target: string): string => {
  const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "")
  return rest === target || rest.startsWith("/") ? rest : `/${rest}`
}

/** Passes every request on to the service that it is for, and the answer back. */
export const makeProxy = ({ draining, serviceFor }: ProxyOptions): FastLane => {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })

  return (request, response) => {
    const { method = "GET", url = "/" } = request
    const path = originForm(url)
    const { host, hostname, port } = serviceFor(method, path)
    const outgoing = send({
      agent,
      hostname,
      port,
      method,
      path,
      headers: requestHeaders(request, host),
      timeout: silence
    })
    const endUpload = passBody(request, outgoing)

    outgoing.on("continue", () => response.writeContinue())
    outgoing.once("response", (answer) => {
      endUpload()
      // A service that closes although the body isn't there yet doesn't want the rest of it.
      const unwanted = !request.complete && answer.headers.connection === "close"
      response.writeHead(answer.statusCode ?? 503, answer.statusMessage, answerHeaders(answer, unwanted || draining()))
      answer.once("error", () => request.socket.destroy())
      answer.once("end", () => {
        // What wasn't sent to its end isn't a connection that can be used again.
        if (!outgoing.writableEnded) outgoing.destroy()
      })
      answer.pipe(response)
    })
    outgoing.once("timeout", () => outgoing.destroy())
    outgoing.on("error", () => {
      endUpload()
      // An answer that has begun can't be taken back; of one that is complete nothing is missing.
      if (!response.headersSent && !response.destroyed) refuse(request, response, draining())
      else if (!response.writableEnded) request.socket.destroy()
    })
    response.once("close", () => {
      if (!response.writableFinished) outgoing.destroy()
    })
    return true
  }
}
