import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { connect } from "node:net"
import { serve } from "./serve.ts"
import { makeTcpProxy } from "./tcpProxy.ts"

/** Asks for something over a connection that is given up after it. */
const ask = (port: number) =>
  Effect.callback<string>((resume) => {
    let answer = ""
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
    socket.setEncoding("utf8").on("data", (text) => {
      answer += String(text)
    })
    socket.once("error", () =>
      resume(Effect.succeed("")))
    socket.once("close", () =>
      resume(Effect.succeed(answer)))
    return Effect.sync(() => socket.destroy())
  })

const target = (url: string) => ({ host: "127.0.0.1", port: Number(new URL(url).port) })

const body = "x".repeat(300_000)

describe("A proxy of TCP", () => {
  it.live("lets everything through, late if it is told to be slow, and nothing while it is cut", () =>
    Effect.gen(function*() {
      const { url } = yield* serve((_request, response) => response.end(body))
      const way = yield* makeTcpProxy(target(url))
      assert.isTrue((yield* ask(way.port)).endsWith(`\r\n\r\n${body}`))
      yield* way.slow(60)
      const begun = performance.now()
      assert.isTrue((yield* ask(way.port)).endsWith(`\r\n\r\n${body}`))
      // There and back.
      assert.isAtLeast(performance.now() - begun, 115)
      yield* way.slow(0)
      yield* way.cut
      assert.strictEqual(yield* ask(way.port), "")
      yield* way.mend
      assert.isTrue((yield* ask(way.port)).endsWith(body))
    }))

  it.live("counts whom it has hurt", () =>
    Effect.gen(function*() {
      const { url } = yield* serve((_request, response) => response.end(body))
      const way = yield* makeTcpProxy(target(url))
      yield* ask(way.port)
      yield* way.cut
      yield* way.mend
      assert.deepStrictEqual(way.counts(), { ended: 0, refused: 0, delayed: 0 })
      yield* way.slow(1)
      yield* ask(way.port)
      yield* way.slow(60_000)
      assert.isAbove(way.counts().delayed, 1)
      const { delayed } = way.counts()
      const waiting = yield* Effect.forkScoped(ask(way.port))
      yield* Effect.suspend(() => Effect.succeed(way.counts().delayed)).pipe(
        Effect.delay(1),
        Effect.repeat({ until: (now) => now > delayed })
      )
      yield* way.cut
      yield* Fiber.join(waiting)
      yield* ask(way.port)
      assert.deepInclude(way.counts(), { ended: 1, refused: 1 })
    }))

  it.live("leads to where its target is now", () =>
    Effect.gen(function*() {
      const first = yield* serve((_request, response) => response.end("first"))
      const second = yield* serve((_request, response) => response.end("second"))
      const place = target(first.url)
      const way = yield* makeTcpProxy(place)
      assert.match(yield* ask(way.port), /first$/)
      place.port = target(second.url).port
      assert.match(yield* ask(way.port), /second$/)
    }))
})
