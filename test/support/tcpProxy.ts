import { Effect, type Scope } from "effect"
import { connect, createServer, type Socket } from "node:net"
import type { Transform } from "node:stream"
import { makeDelay } from "./makeDelay.ts"
import { listen } from "./serve.ts"

/** What has come of what was done to a way: so many connections and pieces, since it was made. */
export interface TcpProxyCounts {
  /** Connections that a cut has ended. */
  readonly ended: number
  /** Connections that were not taken, for the way was cut. */
  readonly refused: number
  /** Pieces of what was said that arrived later. */
  readonly delayed: number
}

/** A way to a server that can be made as bad as a network is. */
export interface TcpProxy {
  readonly port: number
  /** What it has done so far. */
  readonly counts: () => TcpProxyCounts
  /** Ends all connections, and takes no new ones. */
  readonly cut: Effect.Effect<void>
  /** From now on nothing that the server says comes through, on connections that there are. */
  readonly hush: Effect.Effect<void>
  /** From now on whatever is said, by either side, arrives so many milliseconds later; 0 for no later than it does. */
  readonly slow: (milliseconds: number) => Effect.Effect<void>
  /** Takes connections again. Those that were hushed are ended. */
  readonly mend: Effect.Effect<void>
}

/**
 * A proxy on a free port, until the scope ends. Each connection leads to where the target is when it is made: the target may
 * be changed.
 */
export const makeTcpProxy = (target: { readonly host: string; readonly port: number }): Effect.Effect<
  TcpProxy,
  never,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const pairs = new Set<{ readonly client: Socket; readonly server: Socket; readonly said: Transform }>()
    let isCut = false
    let lateness = 0
    let counts: TcpProxyCounts = { ended: 0, refused: 0, delayed: 0 }
    const delay = () => {
      if (lateness > 0) counts = { ...counts, delayed: counts.delayed + 1 }
      return lateness
    }
    const endAll = () => {
      for (const { client, server } of pairs) {
        client.destroy()
        server.destroy()
      }
      pairs.clear()
    }
    const listener = createServer((client) => {
      if (isCut) {
        counts = { ...counts, refused: counts.refused + 1 }
        client.destroy()
        return
      }
      const server = connect(target)
      const heard = makeDelay(delay)
      const said = makeDelay(delay)
      const pair = { client, server, said }
      pairs.add(pair)
      client.pipe(heard)
      heard.pipe(server)
      server.pipe(said)
      said.pipe(client)
      const end = () => {
        client.destroy()
        server.destroy()
        pairs.delete(pair)
      }
      client.on("error", end).on("close", end)
      server.on("error", end).on("close", () => {
        // What the server has said to its end may still be on its way.
        if (!server.readableEnded || said.readableEnded || !said.readableFlowing) end()
        else said.once("end", () => client.destroySoon())
      })
    })
    const port = yield* listen(listener)
    const cut = Effect.sync(() => {
      isCut = true
      counts = { ...counts, ended: counts.ended + pairs.size }
      endAll()
    })
    // Nobody may come while it ends: it would wait for him.
    yield* Effect.addFinalizer(() => cut)
    return {
      port,
      counts: () => counts,
      cut,
      hush: Effect.sync(() => {
        for (const { client, said, server } of pairs) {
          said.unpipe(client)
          server.unpipe(said)
          server.resume()
        }
      }),
      slow: (milliseconds) =>
        Effect.sync(() => {
          lateness = milliseconds
        }),
      mend: Effect.sync(() => {
        isCut = false
        endAll()
      })
    }
  })
