import type { IncomingMessage } from "node:http"
import { maxGatewayBodyBytes } from "../../../api/gatewayLimits.ts"
import { maxBodyBytes } from "../../../api/RequestRules.ts"

/** A request's body: how long all of it was, and all of it, where a service would read so much. */
export interface ReceivedBody {
  readonly length: number
  /** Undefined for one that is longer than any service reads: its length is all that matters of it. */
  readonly bytes: Buffer | undefined
}

const none: ReceivedBody = { length: 0, bytes: Buffer.alloc(0) }

// One that is announced as empty is none.
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

/**
 * Receives a request's body to its end, as the gateway does before it turns to a service, and gives it; or undefined, as
 * soon as it is known to be longer than the gateway takes. Nothing is given for a client that goes away before the end.
 */
export const receiveBody = (request: IncomingMessage, done: (body: ReceivedBody | undefined) => void): void => {
  if (!hasBody(request)) return done(none)
  // What nobody wants is read all the same, and forgotten: whoever is still sending wouldn't get to read the answer.
  const refuse = () => {
    request.resume()
    done(undefined)
  }
  if (Number(request.headers["content-length"] ?? 0) > maxGatewayBodyBytes) return refuse()

  let chunks: Array<Buffer> = []
  let length = 0
  const receive = (chunk: Buffer) => {
    length += chunk.length
    if (length <= maxBodyBytes) chunks.push(chunk)
    else chunks = []
    if (length > maxGatewayBodyBytes) {
      request.off("data", receive).off("end", end)
      refuse()
    }
  }
  const end = () => done({ length, bytes: length <= maxBodyBytes ? Buffer.concat(chunks) : undefined })
  request.on("data", receive).once("end", end)
}
