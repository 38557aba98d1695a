import { Effect, type Scope } from "effect"
import { connect, createServer, type Socket } from "node:net"
import { listen } from "./serve.ts"

/** A way to a server that can be made as bad as a network is. */
export interface TcpProxy {
  readonly port: number
  /** Ends all connections, and takes no new ones. */
  readonly cut: Effect.Effect<void>
  /** From now on nothing that the server says comes through, on connections that there are. */
  readonly hush: Effect.Effect<void>
  /** Takes connections again. Those that were hushed are ended. */
  readonly mend: Effect.Effect<void>
}

/** A proxy on a free port, until the scope ends. */
export const makeTcpProxy = (target: { readonly host: string; readonly port: number }): Effect.Effect<
  TcpProxy,
  never,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>()
    let isCut = false
    const endAll = () => {
      for (const { client, server } of pairs) {
        client.destroy()
        server.destroy()
      }
      pairs.clear()
    }
    const listener = createServer((client) => {
      if (isCut) {
        client.destroy()
        return
      }
      const server = connect(target)
      const pair = { client, server }
      pairs.add(pair)
      client.pipe(server)
      server.pipe(client)
      const end = () => {
        client.destroy()
        server.destroy()
        pairs.delete(pair)
      }
      for (const socket of [client, server]) socket.on("error", end).on("close", end)
    })
    const port = yield* listen(listener)
    const cut = Effect.sync(() => {
      isCut = true
      endAll()
    })
    // Nobody may come while it ends: it would wait for him.
    yield* Effect.addFinalizer(() => cut)
    return {
      port,
      cut,
      hush: Effect.sync(() => {
        for (const { client, server } of pairs) server.unpipe(client).resume()
      }),
      mend: Effect.sync(() => {
        isCut = false
        endAll()
      })
    }
  })
