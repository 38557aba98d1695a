import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { connect, isIP, type Socket } from "node:net"
import { connect as connectSecurely } from "node:tls"
import type { RedisPlace } from "./redisOptions.ts"

/** Redis can't be reached, doesn't answer, or refuses. */
export class RedisLineBroken extends Schema.TaggedError<RedisLineBroken>()("RedisLineBroken", {
  message: Schema.String
}) {}

/** A command: its name and arguments. */
export type RedisCommand = ReadonlyArray<string>

// https://redis.io/docs/latest/develop/reference/protocol-spec/
const encode = (command: RedisCommand): string =>
  command.reduce((text, word) => `${text}$${Buffer.byteLength(word)}\r\n${word}\r\n`, `*${command.length}\r\n`)

interface Waiting {
  /** How many replies are still to come. */
  left: number
  readonly replies: Array<string>
  readonly resolve: (replies: ReadonlyArray<string>) => void
  readonly reject: (error: RedisLineBroken) => void
}

/** One connection. What is asked over it is answered in order. */
class Line {
  readonly #socket: Socket
  readonly #waiting: Array<Waiting> = []
  #broken: RedisLineBroken | undefined
  #text = ""

  constructor(socket: Socket, silence: number) {
    this.#socket = socket
    socket.setNoDelay(true).setEncoding("latin1")
    socket.on("data", (text) => this.#read(String(text)))
    socket.on("error", ({ message }) => this.end(message))
    socket.on("close", () => this.end("the connection was closed"))
    // Only while somebody waits: a connection that nobody uses may be silent.
    socket.setTimeout(silence, () => (this.#waiting.length > 0 ? this.end("it doesn't answer") : undefined))
  }

  get isBroken(): boolean {
    return this.#broken !== undefined
  }

  end(reason: string): void {
    this.#broken ??= new RedisLineBroken({ message: `Redis: ${reason}` })
    this.#socket.destroy()
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken)
  }

  ask(commands: ReadonlyArray<RedisCommand>): Promise<ReadonlyArray<string>> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) return reject(this.#broken)
      this.#waiting.push({ left: commands.length, replies: [], resolve, reject })
      this.#socket.write(commands.map(encode).join(""))
    })
  }

  #read(text: string): void {
    const lines = `${this.#text}${text}`.split("\r\n")
    this.#text = lines.pop() ?? ""
    for (const line of lines) {
      const first = this.#waiting[0]
      if (first === undefined || !/^[-+:]/.test(line)) return this.end("an answer of another kind than expected")
      first.replies.push(line)
      first.left -= 1
      if (first.left === 0) this.#waiting.shift()?.resolve(first.replies)
    }
  }
}

const greeting = ({ connection: { password, username }, db }: RedisPlace): ReadonlyArray<RedisCommand> => [
  ...(password === undefined
    ? []
    : [["AUTH", ...(username === undefined ? [] : [username]), Redacted.value(password)]]),
  ...(db === 0 ? [] : [["SELECT", String(db)]])
]

const open = (place: RedisPlace, longestSilence: number): Line => {
  const { connection: { tls }, host, port } = place
  const socket = tls === undefined
    ? connect({ host, port })
    : connectSecurely({ ...tls, host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
  return new Line(socket, longestSilence)
}

/**
 * Connections to Redis for commands that are answered in a single line: a number, a word or an error. That is little, and
 * a hundredth of what a whole client weighs, which a Lambda would load at every cold start to forget some keys.
 */
export interface RedisLines {
  /** Sends commands at once to a node, and gives the lines that it answers with. */
  readonly ask: (
    node: Pick<RedisPlace, "host" | "port">,
    commands: ReadonlyArray<RedisCommand>
  ) => Effect.Effect<ReadonlyArray<string>, RedisLineBroken>

  /** Gives up the connection to a node: a server that refuses may be the wrong one by now, and its name lead to another. */
  readonly drop: (node: Pick<RedisPlace, "host" | "port">) => void
}

/**
 * Opens a connection to each node when it is first asked something, and again after it broke. One that is silent for so
 * many milliseconds while an answer is due is given up.
 */
export const makeRedisLines = (
  place: RedisPlace,
  longestSilence: number
): Effect.Effect<RedisLines, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new Map<string, Line>()),
      (lines) => Effect.sync(() => lines.forEach((line) => line.end("the program lets go of it")))
    ),
    (lines): RedisLines => ({
      drop: ({ host, port }) => lines.get(`${host} ${port}`)?.end("it refused"),
      ask: (node, commands) =>
        Effect.tryPromise({
          try: async () => {
            const name = `${node.host} ${node.port}`
            const known = lines.get(name)
            if (known !== undefined && !known.isBroken) return await known.ask(commands)
            const line = open({ ...place, ...node }, longestSilence)
            lines.set(name, line)
            const words = greeting(place)
            const replies = await line.ask([...words, ...commands])
            const refusal = replies.slice(0, words.length).find((reply) => reply.startsWith("-"))
            if (refusal === undefined) return replies.slice(words.length)
            line.end(refusal.slice(1))
            throw new RedisLineBroken({ message: `Redis: ${refusal.slice(1)}` })
          },
          catch: (error) =>
            error instanceof RedisLineBroken ? error : new RedisLineBroken({ message: `Redis: ${String(error)}` })
        })
    })
  )
