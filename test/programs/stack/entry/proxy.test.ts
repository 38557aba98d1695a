import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect } from "effect"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import { Draining } from "../../../../src/platform/Draining.ts"
import { openEntry } from "../../../../src/programs/stack/entry/entry.ts"
import { assertProblem, assertStatus } from "../../../http/assertAnswer.ts"
import { exchange } from "../../../http/exchange.ts"
import { connect, repliesIn } from "../../../http/rawConnection.ts"
import { Target } from "../../../http/Target.ts"

/** A service that does what it is told. */
const makeService = (answer: RequestListener) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(answer)
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          server.close()
          server.closeAllConnections()
        })
    ),
    (server) => {
      const address = server.address()
      return new URL(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`)
    }
  )

/** An entry point before services of the test's own. */
const openBefore = Effect.fnUntraced(function*(services: { readonly commands: URL; readonly queries: URL }) {
  const url = yield* openEntry(
    { host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(5) },
    { ...services, own: services.queries }
  )
  return Target.of({ url, token: () => Effect.succeed("") })
}, Effect.provide(Draining.layer))

/** The same service behind both. */
const openBeforeOne = Effect.fnUntraced(function*(answer: RequestListener) {
  const service = yield* makeService(answer)
  return yield* openBefore({ commands: service, queries: service })
})

const named = (name: string): RequestListener => (request, response) => {
  response.writeHead(200, { "x-request-id": name }).end(request.url)
}

describe("The entry point's proxy", () => {
  it.live("sends what is read to queries, commands and their outcomes to the command service", () =>
    Effect.gen(function*() {
      const target = yield* openBefore({
        commands: yield* makeService(named("commands")),
        queries: yield* makeService(named("queries"))
      })
      const goesTo = Effect.fnUntraced(function*(method: string, path: string) {
        const reply = yield* Effect.provideService(exchange({ method, path }), Target, target)
        return assertStatus(reply, 200).headers["x-request-id"]
      })
      for (const path of ["/pictures/a/comments", "/comments/1", "/commands", "/no/such/address", "/docs"]) {
        for (const method of ["GET", "HEAD"]) assert.strictEqual(yield* goesTo(method, path), "queries")
        for (const method of ["POST", "PATCH", "DELETE", "OPTIONS"]) {
          assert.strictEqual(yield* goesTo(method, path), "commands")
        }
      }
      assert.strictEqual(yield* goesTo("GET", "/commands/1?x=/comments"), "commands")
    }))

  it.live("passes on what is for the other side, and keeps what is about one connection", () =>
    Effect.gen(function*() {
      let seen: IncomingMessage | undefined
      const target = yield* openBeforeOne((request, response) => {
        seen = request
        const both = ["X-Request-Id", "one", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]
        const own = ["Connection", "X-Private", "X-Private", "1", "Keep-Alive", "timeout=1"]
        response.writeHead(200, [...both, ...own]).end("done")
      })
      const { until, write } = yield* Effect.provideService(connect, Target, target)
      yield* write(
        "GET http://example.org/a;b?c HTTP/1.1\r\nHost: example.org\r\nX-Request-Id: one\r\nX-Twice: 1\r\nX-Twice: 2\r\n" +
          "TE: trailers\r\nProxy-Authorization: x\r\nConnection: X-Own, Content-Length\r\nX-Own: 1\r\n" +
          "Content-Length: 0\r\n\r\n"
      )
      const received = yield* until((received) => repliesIn(received).length > 0)
      assert.match(received, /Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n/)
      assert.notMatch(received, /X-Private|timeout=1\r/)
      assert(seen !== undefined)
      assert.strictEqual(seen.url, "/a;b?c")
      assert.deepInclude(seen.headers, {
        "host": "example.org",
        "x-request-id": "one",
        "x-twice": "1, 2",
        "via": "1.1 marginalia",
        "content-length": "0"
      })
      for (const name of ["te", "proxy-authorization", "x-own"]) assert.notProperty(seen.headers, name)
    }))

  it.live("answers 503 for a service that is away or goes away, and says what that means for a command", () =>
    Effect.gen(function*() {
      const away = new URL("http://127.0.0.1:1")
      const leaving = yield* makeService((request) => request.socket.destroy())
      for (
        const target of [
          yield* openBefore({ commands: away, queries: away }),
          yield* openBefore({ commands: leaving, queries: leaving })
        ]
      ) {
        yield* Effect.gen(function*() {
          const read = yield* exchange({ method: "GET", path: "/a", headers: { "x-request-id": "mine" } })
          assert.match(assertProblem(read, 503, "service-unavailable").detail, /^Nothing was decided/)
          assert.deepInclude(read.headers, { "retry-after": "1", "x-request-id": "mine", "cache-control": "no-store" })
          const command = yield* exchange({ method: "POST", path: "/a", body: "{}" })
          assert.match(assertProblem(command, 503, "service-unavailable").detail, /Idempotency-Key is safe/)
          assertStatus(yield* exchange({ method: "HEAD", path: "/a" }), 503)
        }).pipe(Effect.provideService(Target, target))
      }
    }))

  it.live("breaks off what a service breaks off, so that nobody takes a half for the whole", () =>
    Effect.gen(function*() {
      const target = yield* openBeforeOne((_request, response) => {
        response.writeHead(200, { "content-length": 10 })
        response.write("half", () => response.destroy())
      })
      const { all, write } = yield* Effect.provideService(connect, Target, target)
      yield* write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
      assert.match(yield* all, /^HTTP\/1\.1 200 [^]*\r\n\r\n(?:half)?$/)
    }))

  it.live("tells the service when the client has gone", () =>
    Effect.gen(function*() {
      const [asked, gone] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const target = yield* openBeforeOne((_request, response) => {
        response.once("close", () => Deferred.doneUnsafe(gone, Effect.void))
        Deferred.doneUnsafe(asked, Effect.void)
      })
      yield* Effect.scoped(Effect.gen(function*() {
        const { write } = yield* Effect.provideService(connect, Target, target)
        yield* write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        yield* Deferred.await(asked)
      }))
      yield* Deferred.await(gone)
    }))

  it.live("asks the service before it lets a client send its body, and sends no more of it than is ever read", () =>
    Effect.gen(function*() {
      let bytes = 0
      const target = yield* openBeforeOne((request, response) => {
        request.on("data", (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > 65_536) {
            response.writeHead(413, { "x-request-id": "one", "content-length": 0, "connection": "close" }).end()
          }
        })
      })
      const { until, write } = yield* Effect.provideService(connect, Target, target)
      yield* write("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
      yield* until((received) => received === "HTTP/1.1 100 Continue\r\n\r\n")
      yield* write(`${(200_000).toString(16)}\r\n${"x".repeat(200_000)}\r\n`)
      yield* until((received) => received.includes("HTTP/1.1 413"))
      assert.strictEqual(bytes, 65_537)
    }))
})
