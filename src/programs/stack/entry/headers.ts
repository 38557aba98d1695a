import type { IncomingMessage } from "node:http"

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

// What says where a message ends, and whom it is for, can't be declared anybody's private business.
const neverPrivate = new Set(["content-length", "host"])

const namedIn = (connection: string | undefined): ReadonlyArray<string> =>
  (connection ?? "").toLowerCase().split(",").map((name) => name.trim()).filter((name) => !neverPrivate.has(name))

const forwarded = ({ headers, rawHeaders }: IncomingMessage): RawHeaders => {
  const dropped = new Set([...hopByHop, ...namedIn(headers.connection)])
  const kept: RawHeaders = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2)
    if (!dropped.has(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}

/** Whether a body comes with the request. One that is announced as empty is none. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

/** The headers that a client's request goes on with. */
export const requestHeaders = (request: IncomingMessage, host: string): RawHeaders => {
  const { headers, httpVersion } = request
  const kept = forwarded(request)
  // RFC 9110, section 7.6.3: whoever passes a request on says so.
  kept.push("Via", `${httpVersion} marginalia`)
  if (headers.host === undefined) kept.push("Host", host)
  if (headers["transfer-encoding"] !== undefined) kept.push("Transfer-Encoding", "chunked")
  // Without either, Node would take a body of unknown length for granted.
  else if (headers["content-length"] === undefined && !["GET", "HEAD"].includes(request.method ?? "")) {
    kept.push("Content-Length", "0")
  }
  return kept
}

/** The headers that a service's answer goes on with. */
export const answerHeaders = (answer: IncomingMessage, close: boolean): RawHeaders => {
  const kept = forwarded(answer)
  if (close) kept.push("Connection", "close")
  return kept
}
