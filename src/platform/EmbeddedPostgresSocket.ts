import { Socket } from "node:net"

/** The request code 1234,5678 of a CancelRequest: https://www.postgresql.org/docs/18/protocol-message-formats.html */
const cancelRequestCode = 80877102
const cancelRequestLength = 16

const isCancelRequest = (frame: Uint8Array): boolean => {
  if (frame.length !== cancelRequestLength) return false
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  return view.getInt32(0) === cancelRequestLength && view.getInt32(4) === cancelRequestCode
}

/**
 * A connection to the embedded database that ends as soon as it is used to cancel a query.
 *
 * A real server closes such a connection at once. PGlite can't cancel, and its socket server takes the request without
 * closing the connection, so an interrupted query would hold its caller until the client gives up, 5 seconds later.
 */
export class EmbeddedPostgresSocket extends Socket {
  override _write(frame: Uint8Array, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (!isCancelRequest(frame)) return super._write(frame, encoding, done)
    this.destroy()
    done()
  }
}
