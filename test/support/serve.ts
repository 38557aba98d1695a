import { Effect } from "effect"
import { createServer, type RequestListener, Server as HttpServer } from "node:http"
import type { Server } from "node:net"

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/**
 * Has a server listen on a free port of this machine until the scope ends, and gives the port. An HTTP server's connections
 * end with it; those of any other have to be ended by whoever made it.
 */
export const listen = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.sync(() => portOf(server))))
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        if (server instanceof HttpServer) server.closeAllConnections()
      })
  )

/** An HTTP server on a free port of this machine, until the scope ends. */
export const serve = Effect.fnUntraced(function*(answer: RequestListener) {
  const server = createServer(answer)
  return { server, url: `http://127.0.0.1:${yield* listen(server)}` }
})
