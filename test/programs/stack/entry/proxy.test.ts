import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import type { IncomingMessage, RequestListener } from "node:http"
import { findGatewayRoute } from "../../../../src/api/gatewayRoutes.ts"
import { assertStatus } from "../../../http/assertAnswer.ts"
import { exchange } from "../../../http/exchange.ts"
import { connect, repliesIn } from "../../../http/rawConnection.ts"
import { Target } from "../../../http/Target.ts"
import { makeService, openBefore, openBeforeOne } from "./before.ts"

const named = (name: string): RequestListener => (request, response) => {
  response.writeHead(200, { "x-request-id": name }).end(request.url)
}

/** What a service is asked by a client that sends these lines. */
const seenOf = Effect.fnUntraced(function*(...lines: ReadonlyArray<string>) {
  let seen: IncomingMessage | undefined
  const target = yield* openBeforeOne((request, response) => {
    seen = request
    response.writeHead(200, { "x-request-id": "one" }).end()
  })
  const { until, write } = yield* Effect.provideService(connect, Target, target)
  yield* write(lines.map((line) => `${line}\r\n`).join("") + "\r\n")
  yield* until((received) => repliesIn(received).length > 0)
  return seen ?? assert.fail("nobody was asked")
})

describe("The entry point's proxy", () => {
  it.live("sends each request to the service that the gateway's routes lead to", () =>
    Effect.gen(function*() {
      const target = yield* openBefore({
        commands: yield* makeService(named("command")),
        queries: yield* makeService(named("query"))
      })
      const paths = [
        "/",
        "/pictures/a/comments",
        "/comments/1",
        "/comments/1/history",
        "/commands",
        "/commands/1",
        "/no/such/address"
      ]
      for (const path of paths) {
        for (const method of ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]) {
          const asked = exchange({ method, path: `${path}?x=/commands/1` })
          const { headers } = assertStatus(yield* Effect.provideService(asked, Target, target), 200)
          assert.strictEqual(headers["x-request-id"], findGatewayRoute(method, path).service, `${method} ${path}`)
        }
      }
    }))

  it.live("passes on what is for the service, and keeps what is about one connection", () =>
    Effect.gen(function*() {
      const { headers, url } = yield* seenOf(
        "GET http://example.org/a;b?c HTTP/1.1",
        "Host: example.org",
        "X-Request-Id: one",
        "TE: trailers",
        "Proxy-Authorization: x",
        "Expect: 200-ok",
        "Connection: X-Own, Content-Length",
        "X-Own: 1",
        "Content-Length: 0"
      )
      assert.strictEqual(url, "/a;b?c")
      assert.deepInclude(headers, { "host": "example.org", "x-request-id": "one", "via": "1.1 marginalia" })
      for (const name of ["te", "proxy-authorization", "x-own", "expect"]) assert.notProperty(headers, name)
    }))

  it.live("joins the values of a header that comes more than once by commas", () =>
    Effect.gen(function*() {
      const { rawHeaders } = yield* seenOf("GET /a HTTP/1.1", "Host: x", "X-Twice: 1", "x-twice: 2")
      assert.deepStrictEqual(rawHeaders.filter((_, index, all) => all[index - 1]?.toLowerCase() === "x-twice"), [
        "1, 2"
      ])
    }))

  it.live("tells the service its client's address, whatever the client says of it", () =>
    Effect.gen(function*() {
      const { headers } = yield* seenOf(
        "GET /a HTTP/1.1",
        "Host: example.org:80",
        "X-Client-IP: 192.0.2.1",
        "X-Client-IP: 192.0.2.2",
        "Forwarded: for=192.0.2.3",
        "X-Forwarded-For: 192.0.2.4, 2001:db8::1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: example.com"
      )
      assert.strictEqual(headers["x-client-ip"], "127.0.0.1")
      assert.strictEqual(
        headers["forwarded"],
        "for=192.0.2.3,for=192.0.2.4,for=\"[2001:db8::1]\",by=127.0.0.1;for=127.0.0.1;host=\"example.org:80\";proto=http"
      )
      for (const name of ["for", "proto", "host"]) assert.notProperty(headers, `x-forwarded-${name}`)
    }))

  it.live("gives an answer back as it is, with the gateway's id", () =>
    Effect.gen(function*() {
      const target = yield* openBeforeOne((_request, response) => {
        const both = ["X-Request-Id", "one", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]
        const own = ["Connection", "X-Private", "X-Private", "1", "Keep-Alive", "timeout=1"]
        response.writeHead(200, [...both, ...own]).end("done")
      })
      const { until, write } = yield* Effect.provideService(connect, Target, target)
      yield* write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
      const received = yield* until((received) => repliesIn(received).length > 0)
      assert.match(received, /Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n/)
      assert.notMatch(received, /X-Private|timeout=1\r/)
      assert.match(received, /\r\napigw-requestid: [\w+/]+=\r\n/)
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
})
