import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer, type Socket } from "node:net"
import { EmbeddedPostgresSocket } from "../../src/platform/EmbeddedPostgresSocket.ts"
import { listen } from "../support/serve.ts"

/** Writes `frame` on a connection, and tells what of it arrived until either side ended the connection. */
const arrived = Effect.fnUntraced(function*(frame: Uint8Array, onData: (server: Socket) => void) {
  const received: Array<number> = []
  const port = yield* listen(createServer((socket) => {
    socket.on("data", (data) => {
      received.push(...data)
      onData(socket)
    })
    socket.on("error", () => socket.destroy())
  }))
  yield* Effect.callback<void>((resume) => {
    const socket = new EmbeddedPostgresSocket().connect(port, "127.0.0.1")
    socket.once("close", () => resume(Effect.void))
    socket.write(frame)
  })
  // Whole once the server has ended, too.
  return received
}, Effect.scoped)

const words = (...values: ReadonlyArray<number>) => {
  const frame = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) frame.writeInt32BE(value, index * 4)
  return frame
}

describe("A connection to the embedded database", () => {
  it.effect("ends when it is to cancel a query, which PGlite can't, and sends nothing", () =>
    Effect.gen(function*() {
      const received = yield* arrived(words(16, 80877102, 42, 7), () => assert.fail("The request was sent"))
      assert.deepStrictEqual(received, [])
    }))

  it.effect("carries anything else", () =>
    Effect.gen(function*() {
      for (const frame of [words(16, 196608, 42, 7), words(80877102, 16, 80877102, 7), words(16, 80877102)]) {
        const received = yield* arrived(frame, (server) => server.end())
        assert.deepStrictEqual(received, [...frame])
      }
    }))
})
