import type { IncomingMessage, OutgoingHttpHeaders } from "node:http"
import { clientAddressHeader, gatewayRequestIdHeader } from "../../../api/gatewayLimits.ts"
import { forwardedHeader, remoteAddress } from "./forwarded.ts"

/** Headers as they go over the wire, name after value after name: their order, case and repetitions are kept. */
export type RawHeaders = Array<string>

// RFC 9110, section 7.6.1: what is about one connection, and no business of the next.
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade"
]

// What the gateway writes itself, or has dealt with itself by the time it asks a service.
const rewritten = [
  clientAddressHeader,
  "content-length",
  "expect",
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto"
]

// What says where a message ends, and whom it is for, can't be declared anybody's private business.
const neverPrivate = new Set(["content-length", "host"])

const privateTo = ({ headers }: IncomingMessage): ReadonlySet<string> => {
  const named = (headers.connection ?? "").toLowerCase().split(",").map((name) => name.trim())
  return new Set([...hopByHop, ...named.filter((name) => !neverPrivate.has(name))])
}

/** How many bytes a request's line and headers have on the wire. */
export const headBytes = ({ method = "", rawHeaders, url = "" }: IncomingMessage): number =>
  // Each line ends with two bytes; a line of the head has two spaces and a version, or a colon and a space.
  rawHeaders.reduce((bytes, part) => bytes + part.length + 2, method.length + url.length + "  HTTP/1.1\r\n\r\n".length)

/**
 * The headers that a client's request goes on with, and a body of so many bytes. Of those that came more than once the
 * values are joined by commas, as the gateway does it.
 */
export const requestHeaders = (request: IncomingMessage, host: string, length: number): OutgoingHttpHeaders => {
  const { headers, httpVersion, method = "" } = request
  const dropped = privateTo(request)
  const kept: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!dropped.has(name) && !rewritten.includes(name)) kept[name] = value
  }
  kept["host"] = headers.host ?? host
  kept["forwarded"] = forwardedHeader(request)
  // RFC 9110, section 7.6.3: whoever passes a request on says so.
  kept["via"] = [headers.via, `${httpVersion} marginalia`].filter((one) => one !== undefined).join(", ")
  kept[clientAddressHeader] = remoteAddress(request)
  if (length > 0 || !["GET", "HEAD"].includes(method)) kept["content-length"] = length
  return kept
}

/** The headers that a service's answer goes on with. */
export const answerHeaders = (answer: IncomingMessage, gatewayRequestId: string, close: boolean): RawHeaders => {
  const dropped = privateTo(answer)
  const kept: RawHeaders = []
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = answer.rawHeaders.slice(index, index + 2)
    if (!dropped.has(name.toLowerCase())) kept.push(name, value)
  }
  kept.push(gatewayRequestIdHeader, gatewayRequestId)
  if (close) kept.push("Connection", "close")
  return kept
}
