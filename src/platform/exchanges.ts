import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import type { Server, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { maxPipelined } from "./serverLimits.ts"

/** What ends a connection. */
export type Limit = "connections" | "exchange-timeout" | "pipelined"

const ended = Metric.counter("http_connections_ended_total", {
  description: "Connections that the server ended because a limit was reached, by limit",
  incremental: true
})

/** How many connections a limit has ended. */
export const endedBy = (limit: Limit): Metric.Counter<number> => Metric.withAttributes(ended, { limit })

/** Counts one more. */
export const countEnded = (limit: Limit): void => endedBy(limit).updateUnsafe(1, Context.empty())

interface Exchange {
  readonly response: ServerResponse
  /** When its request came, by `performance.now`. */
  readonly since: number
}

// All of its answer has left for the client, or for the system's buffers, and all of its request has come: who is answered
// early may still be sending.
const isOver = ({ response }: Exchange): boolean => response.destroyed && response.req.complete

const withoutOver = (exchanges: Array<Exchange>): Array<Exchange> => {
  while (exchanges[0] !== undefined && isOver(exchanges[0])) exchanges.shift()
  return exchanges
}

/**
 * What is in flight on a server's connections, so that none takes for ever: neither a client that reads a byte a minute,
 * nor an answer that doesn't come. It costs an entry in a list per request; one fiber looks through them.
 */
export class Exchanges {
  readonly #timeout: number
  readonly #overdue: (response: ServerResponse) => void
  readonly #open = new Map<Duplex, Array<Exchange>>()

  /** `overdue` gets the first answer that is missing on a connection on which it has taken too long (in milliseconds). */
  constructor(timeout: number, overdue: (response: ServerResponse) => void) {
    this.#timeout = timeout
    this.#overdue = overdue
  }

  /** Looks after a server for as long as it listens. */
  watch(server: Server): void {
    server.on("connection", (socket: Duplex) => {
      this.#open.set(socket, [])
      socket.once("close", () => this.#open.delete(socket))
    })
    const every = Schedule.spaced(Duration.millis(Math.min(1000, this.#timeout / 4)))
    server.on("listening", () => {
      const looking = Effect.runFork(Effect.repeat(Effect.sync(() => this.#look()), every))
      server.once("close", () => looking.interruptUnsafe())
    })
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#open.size
  }

  /** Notes that a request has come; false if too many of the same connection wait already. */
  begin(response: ServerResponse): boolean {
    const exchanges = this.#on(response.req.socket)
    if (exchanges.length >= maxPipelined) return false
    exchanges.push({ response, since: performance.now() })
    return true
  }

  /** Whether something may be said on a connection beside what is in flight, and be taken for the answer to what is being received. */
  maySpeak(socket: Duplex): boolean {
    return this.#on(socket).every(({ response }) => !response.headersSent && !response.req.complete)
  }

  #on(socket: Duplex): Array<Exchange> {
    return withoutOver(this.#open.get(socket) ?? [])
  }

  #look(): void {
    const now = performance.now()
    for (const [socket, exchanges] of this.#open) {
      const [first] = withoutOver(exchanges)
      if (first === undefined || now - first.since < this.#timeout) continue
      // It has been told already, and doesn't go.
      if (!socket.writable) socket.destroy()
      else {
        countEnded("exchange-timeout")
        this.#overdue(first.response)
      }
    }
  }
}
