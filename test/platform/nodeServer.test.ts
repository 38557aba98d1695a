import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import type { Server } from "node:http"
import { type FastLane, makeNodeServer } from "../../src/platform/nodeServer.ts"
import { maxHeaders } from "../../src/platform/serverLimits.ts"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { exchange } from "../http/exchange.ts"
import { answersTo, connect, repliesIn } from "../http/rawConnection.ts"
import { against, answer, own } from "../support/limitedServer.ts"

const keptAlive = Effect.fnUntraced(function*(server: Server) {
  const { headers } = yield* against(server, exchange({ method: "GET", path: "/" }))
  return headers["keep-alive"]
})

describe("A server", () => {
  it.live("keeps an idle connection for 65 seconds, longer than AWS's load balancer does", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(answer)
      assert.strictEqual(yield* keptAlive(server), "timeout=65")
      assert.isAbove(server.timeout, server.keepAliveTimeout)
    }))

  it.live("keeps it for as long as it is told, and gives it up for silence only after that", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(answer, { keepAliveTimeout: Duration.minutes(10) })
      assert.strictEqual(yield* keptAlive(server), "timeout=600")
      assert.isAbove(server.timeout, server.keepAliveTimeout)
    }))

  it.live("takes as many headers as are allowed, and refuses one more", () =>
    Effect.gen(function*() {
      const withHeaders = (count: number) =>
        Effect.map(answersTo(`GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(count - 1)}\r\n`), ([reply]) =>
          reply ?? assert.fail("no answer"))
      const client = Effect.all([withHeaders(maxHeaders), withHeaders(maxHeaders + 1)])
      const [most, more] = yield* against(makeNodeServer(answer), client)
      assertStatus(most, 200)
      assertProblem(more, 431, "request-header-fields-too-large")
    }))

  it.live("hides none of two headers of a name, and refuses two hosts", () =>
    Effect.gen(function*() {
      const seen: Array<string | undefined> = []
      const lane: FastLane = (request, response) => {
        seen.push(request.headers.authorization)
        response.writeHead(200, { ...own, "content-length": 2 }).end("ok")
        return true
      }
      const ask = (...headers: ReadonlyArray<string>) =>
        Effect.map(answersTo(["GET / HTTP/1.1", ...headers, "", ""].join("\r\n")), ([reply]) =>
          reply ?? assert.fail("no answer"))
      const client = Effect.gen(function*() {
        assertStatus(yield* ask("Host: a", "Authorization: Bearer one", "Authorization: Bearer two"), 200)
        assertStatus(yield* ask("Host: a,b"), 200)
        for (const other of ["a", "b"]) {
          assertProblem(yield* ask("Host: a", `host: ${other}`), 400, "malformed-request")
        }
      })
      yield* against(makeNodeServer(lane), client)
      assert.deepStrictEqual(seen, ["Bearer one, Bearer two", undefined])
    }))

  it.live("tells browsers to come by TLS also where it understood nothing, if it is told to", () =>
    Effect.gen(function*() {
      const refused = (server: Server) => against(server, answersTo("that isn't HTTP\r\n\r\n"))
      const [told] = yield* refused(makeNodeServer(answer, { hstsMaxAge: Duration.days(1) }))
      assert.strictEqual(told?.headers["strict-transport-security"], "max-age=86400")
      const [untold] = yield* refused(makeNodeServer(answer))
      assert.isUndefined(untold?.headers["strict-transport-security"])
    }))

  it.live("doesn't count the time between two requests as the time that the second one's headers take", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(answer)
      const client = Effect.gen(function*() {
        const kept = yield* connect
        yield* kept.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        yield* kept.until((received) => received.endsWith("ok"))
        // From here on no request's headers may take any time.
        server.headersTimeout = 1
        // One that is younger, and from which nothing comes, is given up.
        const silent = yield* connect
        const [refused] = repliesIn(yield* silent.all)
        assert.strictEqual(refused?.status, 408)
        server.headersTimeout = 10_000
        yield* kept.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        yield* kept.until((received) => received.endsWith("ok") && received.split("HTTP/1.1 200").length === 3)
      })
      yield* against(server, client)
    }))
})
