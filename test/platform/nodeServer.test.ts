import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import type { Server } from "node:http"
import { type FastLane, makeNodeServer } from "../../src/platform/nodeServer.ts"
import { securityHeaders } from "../../src/platform/securityHeaders.ts"
import { exchange } from "../http/exchange.ts"
import { connect, repliesIn } from "../http/rawConnection.ts"
import { Target } from "../http/Target.ts"
import { listen } from "../support/serve.ts"

const own = { ...securityHeaders, "x-request-id": "one" }

const answer: FastLane = (_request, response) => {
  response.writeHead(200, { ...own, "content-type": "text/plain", "content-length": 2 }).end("ok")
  return true
}

const serving = Effect.fnUntraced(function*(server: Server) {
  const port = yield* listen(server)
  return Target.of({ url: `http://127.0.0.1:${port}`, token: () => Effect.die(new Error("nobody asks for one")) })
})

const keptAlive = Effect.fnUntraced(function*(server: Server) {
  const { headers } = yield* Effect.provideService(
    exchange({ method: "GET", path: "/" }),
    Target,
    yield* serving(server)
  )
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

  it.live("doesn't count the time between two requests as the time that the second one's headers take", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(answer)
      const target = yield* serving(server)
      yield* Effect.gen(function*() {
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
      }).pipe(Effect.provideService(Target, target))
    }))
})
