import { Effect } from "effect"
import * as Net from "node:net"
import { assertAnswer } from "./assertAnswer.ts"
import { type Reply, Unanswered } from "./exchange.ts"
import { Target } from "./Target.ts"

/** A connection on which anything may be sent. What is received is taken for Latin-1, so that each character is a byte. */
export interface RawConnection {
  readonly write: (bytes: string | Uint8Array) => Effect.Effect<void>
  /** Reads no more. What the other side sends piles up on its way. */
  readonly pause: Effect.Effect<void>
  /** Sends no more; the other side may go on. */
  readonly end: Effect.Effect<void>
  /** Waits until what was received is as wanted; fails if the connection ends before. */
  readonly until: (wanted: (received: string) => boolean) => Effect.Effect<string, Unanswered>
  /** Waits until the other side has closed, and gives all that was received. */
  readonly all: Effect.Effect<string>
}

/** Opens a connection to the target; the scope's end destroys it. */
export const connect = Effect.gen(function*() {
  const { url } = yield* Target
  const { hostname, port } = new URL(url)
  const socket = yield* Effect.acquireRelease(
    Effect.callback<Net.Socket, Unanswered>((resume) => {
      const opening = Net.connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true })
      opening.once("connect", () => resume(Effect.succeed(opening)))
      opening.once("error", ({ message }) => resume(Effect.fail(new Unanswered({ message }))))
    }),
    (socket) => Effect.sync(() => socket.destroy())
  )
  let received = ""
  socket.setEncoding("latin1")
  socket.on("data", (text) => {
    received += String(text)
  })
  // A reset is one way of being closed.
  socket.on("error", () => {})
  const over = () => socket.readableEnded || socket.destroyed

  const watch = <A, E>(look: () => Effect.Effect<A, E> | undefined) =>
    Effect.callback<A, E>((resume) => {
      const check = () => {
        const found = look()
        if (found === undefined) return
        for (const event of ["data", "end", "close"]) socket.off(event, check)
        resume(found)
      }
      for (const event of ["data", "end", "close"]) socket.on(event, check)
      check()
    })

  const connection: RawConnection = {
    write: (bytes) => Effect.sync(() => socket.write(bytes)),
    pause: Effect.sync(() => socket.pause()),
    end: Effect.sync(() => socket.end()),
    until: (wanted) =>
      watch<string, Unanswered>(() => {
        if (wanted(received)) return Effect.succeed(received)
        return over()
          ? Effect.fail(new Unanswered({ message: `closed after ${JSON.stringify(received.slice(0, 500))}` }))
          : undefined
      }),
    all: watch<string, never>(() => over() ? Effect.succeed(received) : undefined)
  }
  return connection
})

const head = /^HTTP\/1\.1 (\d{3}) [^\r]*\r\n((?:[^\r]+\r\n)*)\r\n/

/** The answers in what was received, one after the other, each with its whole body. 1xx are left out. */
export const repliesIn = (received: string): ReadonlyArray<Reply> => {
  const replies: Array<Reply> = []
  let rest = received
  for (let found = head.exec(rest); found !== null; found = head.exec(rest)) {
    const [whole, status = "0", lines = ""] = found
    const headers = Object.fromEntries(
      lines.trimEnd().split("\r\n").map((line) => {
        const colon = line.indexOf(":")
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
      })
    )
    const length = Number(headers["content-length"] ?? 0)
    if (rest.length < whole.length + length) break
    const text = Buffer.from(rest.slice(whole.length, whole.length + length), "latin1").toString("utf8")
    if (!status.startsWith("1")) replies.push({ status: Number(status), headers, text })
    rest = rest.slice(whole.length + length)
  }
  for (const reply of replies) assertAnswer("GET", reply)
  return replies
}

/** Sends something on a connection of its own and waits for so many answers. */
export const answersTo = Effect.fnUntraced(function*(bytes: string | Uint8Array, count = 1) {
  const { until, write } = yield* connect
  yield* write(bytes)
  return repliesIn(yield* until((received) => repliesIn(received).length >= count))
}, Effect.scoped)
