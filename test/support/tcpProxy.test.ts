import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
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
