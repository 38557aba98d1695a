import type { ClientRequest, IncomingMessage } from "node:http"
import { maxBodyBytes } from "../../../api/RequestRules.ts"
import { hasBody } from "./headers.ts"

/**
 * Passes a request's body on as it comes, and gives what ends that early.
 *
 * No service reads more than the contract allows, so no more than one byte above that is passed on, and nothing of a body
 * that is announced to be longer: whoever writes to somebody who has answered and left may not get to read the answer.
 */
export const passBody = (request: IncomingMessage, outgoing: ClientRequest): () => void => {
  if (!hasBody(request)) {
    outgoing.end()
    return () => {}
  }
  outgoing.flushHeaders()
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) return () => request.resume()

  let room = maxBodyBytes + 1
  const pass = (chunk: Buffer) => {
    outgoing.write(chunk.subarray(0, room))
    room -= Math.min(room, chunk.length)
    if (room === 0) request.pause()
  }
  const finish = () => outgoing.end()
  const begin = () => request.on("data", pass).once("end", finish)

  // Whoever asks first whether to send a body (RFC 9110, section 10.1.1) asks the service.
  if (request.headers.expect?.toLowerCase() === "100-continue") outgoing.once("continue", begin)
  else begin()

  return () => {
    outgoing.off("continue", begin)
    request.off("data", pass).off("end", finish).resume()
  }
}
