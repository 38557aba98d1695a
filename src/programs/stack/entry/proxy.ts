import { Agent, type IncomingMessage, request as send, type ServerResponse } from "node:http"
import { maxGatewayHeaderBytes } from "../../../api/gatewayLimits.ts"
import type { FastLane } from "../../../platform/nodeServer.ts"
import { receiveBody, type ReceivedBody } from "./body.ts"
import { answerHeaders, headBytes, requestHeaders } from "./headers.ts"
import { gatewayRequestId, ownAnswer, type OwnStatus } from "./ownAnswers.ts"

/** What the proxy needs to know. */
export interface ProxyOptions {
  /** The URL of the service that a request is for. */
  readonly serviceFor: (method: string, path: string) => URL
  /** How long a service may say nothing, in milliseconds. */
  readonly timeout: number
  /** Whether the program is ending: then every answer asks its client to close the connection. */
  readonly draining: () => boolean
}

const refuse = (request: IncomingMessage, response: ServerResponse, status: OwnStatus, close: boolean): void => {
  const { body, headers } = ownAnswer(status)
  response.writeHead(status, close ? { ...headers, connection: "close" } : headers)
    .end(request.method === "HEAD" ? undefined : body)
}

// RFC 9112, section 3.2.2: a server understands the form that clients use with proxies, too.
const originForm = (target: string): string => {
  const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "")
  return rest === target || rest.startsWith("/") ? rest : `/${rest}`
}

/**
 * Passes every request on to the service that it is for, and the answer back, within the limits of an HTTP API, and with
 * its rewriting of headers.
 *
 * The gateway's authorizer isn't imitated. It turns away only what the services turn away as well, since they verify every
 * token themselves; to verify them here would hide it if they didn't. Nor are its throttling and its answers to
 * preflights, which are off unless a deployment says whose pages are welcome.
 */
export const makeProxy = ({ draining, serviceFor, timeout }: ProxyOptions): FastLane => {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })

  const pass = (request: IncomingMessage, response: ServerResponse, { bytes, length }: ReceivedBody): void => {
    const { method = "GET", url = "/" } = request
    const path = originForm(url)
    const { host, hostname, port } = serviceFor(method, path)
    const headers = requestHeaders(request, host, length)
    const outgoing = send({ agent, hostname, port, method, path, headers, timeout })
    let tooLate = false

    // A body that no service reads is announced and not sent: whoever writes to somebody who has answered and left may not
    // get to read the answer.
    if (bytes === undefined) outgoing.flushHeaders()
    else outgoing.end(bytes)

    outgoing.once("response", (answer) => {
      response.writeHead(
        answer.statusCode ?? 503,
        answer.statusMessage,
        answerHeaders(answer, gatewayRequestId(), draining())
      )
      answer.once("error", () => request.socket.destroy())
      answer.once("end", () => {
        // What wasn't sent to its end isn't a connection that can be used again.
        if (!outgoing.writableEnded) outgoing.destroy()
      })
      answer.pipe(response)
    })
    outgoing.once("timeout", () => {
      tooLate = true
      outgoing.destroy()
    })
    outgoing.on("error", () => {
      // An answer that has begun can't be taken back; of one that is complete nothing is missing.
      if (!response.headersSent && !response.destroyed) refuse(request, response, tooLate ? 504 : 503, draining())
      else if (!response.writableEnded) request.socket.destroy()
    })
    response.once("close", () => {
      if (!response.writableFinished) outgoing.destroy()
    })
  }

  return (request, response) => {
    if (headBytes(request) > maxGatewayHeaderBytes) refuse(request, response, 431, true)
    else {
      receiveBody(request, (body) => {
        if (body === undefined) refuse(request, response, 413, draining())
        else if (!response.destroyed) pass(request, response, body)
      })
    }
    return true
  }
}
