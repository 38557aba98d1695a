import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Metric } from "effect"
import { createServer } from "node:http"
import { endedBy, Exchanges } from "../../src/platform/exchanges.ts"
import { type FastLane, makeNodeServer } from "../../src/platform/nodeServer.ts"
import { maxPipelined } from "../../src/platform/serverLimits.ts"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { answersTo, connect, repliesIn } from "../http/rawConnection.ts"
import { against, answer, ask, counted, nothing, own } from "../support/limitedServer.ts"

/** A request whose body has begun. */
const begun = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"

describe("A connection", () => {
  it.live("beyond the most that may be open is closed without an answer, until one of them has gone", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(answer, { maxConnections: 2 })
      const client = Effect.gen(function*() {
        const { until, write } = yield* connect
        yield* write(ask)
        yield* until((received) => received.endsWith("ok"))
        yield* Effect.scoped(Effect.gen(function*() {
          const second = yield* connect
          yield* second.write(ask)
          yield* second.until((received) => received.endsWith("ok"))
          const third = yield* connect
          yield* third.write(ask)
          assert.strictEqual(yield* third.all, "")
        }))
        const [served] = yield* Effect.eventually(answersTo(ask))
        assert(served !== undefined)
        assertStatus(served, 200)
      })
      const before = (yield* Metric.value(endedBy("connections"))).count
      yield* against(server, client)
      assert.isAbove((yield* Metric.value(endedBy("connections"))).count, before)
    }))

  it.live("on which more is asked than anybody waits for is ended", () =>
    Effect.gen(function*() {
      const flood = Effect.gen(function*() {
        const { all, write } = yield* connect
        yield* write(ask.repeat(2 * maxPipelined))
        assert.strictEqual(yield* all, "")
      })
      let asked = 0
      // One that should never have been asked ends what would otherwise wait for ever.
      const patient: FastLane = (request) => {
        asked += 1
        if (asked > maxPipelined) request.socket.destroy()
        return true
      }
      yield* counted("pipelined", 1, against(makeNodeServer(patient), flood))
      assert.strictEqual(asked, maxPipelined)
      const much = Effect.map(answersTo(ask.repeat(maxPipelined), maxPipelined), (replies) =>
        assert.lengthOf(replies, maxPipelined))
      yield* counted("pipelined", 0, against(makeNodeServer(answer), much))
    }))

  it.live("may be asked as much as one likes, if its answers are read", () =>
    Effect.gen(function*() {
      const much = Effect.gen(function*() {
        const { until, write } = yield* connect
        for (const round of [1, 2, 3]) {
          yield* write(ask.repeat(100))
          yield* until((received) => received.split("HTTP/1.1 200").length > 100 * round)
        }
      })
      yield* counted("pipelined", 0, against(makeNodeServer(answer), much))
    }))

  it.live("isn't held in memory once it has ended", () =>
    Effect.gen(function*() {
      const exchanges = new Exchanges(60_000, () => {})
      const server = createServer((_request, response) => response.writeHead(200, own).end("ok"))
      exchanges.watch(server)
      yield* against(
        server,
        Effect.gen(function*() {
          yield* Effect.scoped(Effect.gen(function*() {
            const { until, write } = yield* connect
            yield* write(ask)
            yield* until((received) => received.includes("ok"))
            assert.strictEqual(exchanges.connections, 1)
          }))
          yield* Effect.eventually(
            Effect.suspend(() => exchanges.connections === 0 ? Effect.void : Effect.fail("open"))
          )
        })
      )
    }))

  it.live("isn't told of a fault in the middle of an answer, nor in the place of one", () =>
    Effect.gen(function*() {
      const half: FastLane = (_request, response) => {
        response.writeHead(200, { ...own, "content-length": 4 }).write("ok")
        return true
      }
      const received = (lane: FastLane, asked: string, wanted: string) =>
        against(
          makeNodeServer(lane),
          Effect.gen(function*() {
            const { all, until, write } = yield* connect
            yield* write(asked)
            yield* until((text) => text.endsWith(wanted))
            yield* write("that isn't HTTP\r\n\r\n")
            return yield* all
          })
        )
      assert.lengthOf((yield* received(half, ask, "ok")).split("HTTP/1.1"), 2)
      assert.strictEqual(yield* received(nothing, ask, ""), "")
      // The fault is in the request's body: its answer has begun, or has been given already.
      assert.lengthOf((yield* received(half, begun, "ok")).split("HTTP/1.1"), 2)
      assert.lengthOf((yield* received(answer, begun, "ok")).split("HTTP/1.1"), 2)
    }))

  it.live("is told of a fault in a body that isn't answered yet, and in what comes after an answer", () =>
    Effect.gen(function*() {
      const told = against(makeNodeServer(nothing), answersTo(`${begun}zz\r\n`))
      const after = against(
        makeNodeServer(answer),
        Effect.gen(function*() {
          const { all, until, write } = yield* connect
          yield* write(`${begun}0\r\n\r\n`)
          yield* until((received) => received.endsWith("ok"))
          yield* write("that isn't HTTP\r\n\r\n")
          return repliesIn(yield* all).slice(1)
        })
      )
      for (const replies of [yield* told, yield* after]) {
        assert.lengthOf(replies, 1)
        for (const reply of replies) assertProblem(reply, 400, "malformed-request")
      }
    }))

  it.live("has the same limits where a client asks first whether it may send its body", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(nothing, { exchangeTimeout: Duration.millis(300) })
      server.on("checkContinue", (request, response) => {
        if (request.headers.host === undefined) response.writeHead(200, own).end()
        else request.resume()
      })
      const client = Effect.gen(function*() {
        const head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"
        const [without] = yield* answersTo(`${head}\r\n`)
        assert(without !== undefined)
        assertProblem(without, 400, "malformed-request")
        const [hanging] = yield* answersTo(`${head}Host: a\r\n\r\n`)
        assert(hanging !== undefined)
        assertProblem(hanging, 503, "service-unavailable")
      })
      yield* against(server, client)
    }))
})
