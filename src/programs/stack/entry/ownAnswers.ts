import { randomBytes } from "node:crypto"
import { STATUS_CODES } from "node:http"
import { gatewayRequestIdHeader } from "../../../api/gatewayLimits.ts"

/** What the gateway answers by itself: too long a body, too long a head, no service, a service that takes too long. */
export type OwnStatus = 413 | 431 | 503 | 504

/** An id of the form that the gateway's have. */
export const gatewayRequestId = (): string => randomBytes(11).toString("base64")

/**
 * An answer of the gateway's own, as an HTTP API gives it: no problem, but a message, and no id but the gateway's. AWS
 * promises no wording; and of a time-out some have seen 503 where its pages say 504, so a client takes both for the same.
 */
export const ownAnswer = (status: OwnStatus) => {
  const body = JSON.stringify({ message: STATUS_CODES[status] })
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    [gatewayRequestIdHeader]: gatewayRequestId()
  }
  return { status, headers, body }
}

/** An answer of the gateway's own that ends its connection, as it goes over the wire. */
export const ownAnswerOnTheWire = (status: OwnStatus): string => {
  const { body, headers } = ownAnswer(status)
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`
}
