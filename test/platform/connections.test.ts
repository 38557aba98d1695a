import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Metric } from "effect"
import { endedBy } from "../../src/platform/exchanges.ts"
import { type FastLane, makeNodeServer } from "../../src/platform/nodeServer.ts"
import { maxPipelined } from "../../src/platform/serverLimits.ts"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { answersTo, connect } from "../http/rawConnection.ts"
import { against, answer, ask, counted, nothing, own } from "../support/limitedServer.ts"

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
        yield* write(ask.repeat(maxPipelined + 1))
        assert.strictEqual(yield* all, "")
      })
      yield* counted("pipelined", 1, against(makeNodeServer(nothing), flood))
      const much = Effect.map(answersTo(ask.repeat(maxPipelined), maxPipelined), (replies) =>
        assert.lengthOf(replies, maxPipelined))
      yield* counted("pipelined", 0, against(makeNodeServer(answer), much))
    }))

  it.live("isn't told of a fault in the middle of an answer, nor in the place of one", () =>
    Effect.gen(function*() {
      const half: FastLane = (_request, response) => {
        response.writeHead(200, { ...own, "content-length": 4 }).write("ok")
        return true
      }
      const received = (lane: FastLane, wanted: string) =>
        against(
          makeNodeServer(lane),
          Effect.gen(function*() {
            const { all, until, write } = yield* connect
            yield* write(ask)
            yield* until((text) => text.endsWith(wanted))
            yield* write("that isn't HTTP\r\n\r\n")
            return yield* all
          })
        )
      assert.lengthOf((yield* received(half, "ok")).split("HTTP/1.1"), 2)
      assert.strictEqual(yield* received(nothing, ""), "")
    }))

  it.live("has the same limits where a client asks first whether it may send its body", () =>
    Effect.gen(function*() {
      const server = makeNodeServer(nothing, { exchangeTimeout: Duration.millis(300) })
      server.on("checkContinue", (request) => request.resume())
      const [without, hanging] = yield* against(
        server,
        Effect.all([
          answersTo("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"),
          answersTo("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        ])
      )
      assert(without[0] !== undefined && hanging[0] !== undefined)
      assertProblem(without[0], 400, "malformed-request")
      assertProblem(hanging[0], 503, "service-unavailable")
    }))
})
