import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Layer, Schedule } from "effect"
import { HttpServer, HttpServerResponse } from "effect/http"
import { type FastLane, makeNodeServer, type NodeServerOptions } from "../../src/platform/nodeServer.ts"
import { maxHeaders } from "../../src/platform/serverLimits.ts"
import { listening } from "../../src/programs/service/server.ts"
import { assertProblem } from "../http/assertAnswer.ts"
import { answersTo, connect, repliesIn } from "../http/rawConnection.ts"
import { Target } from "../http/Target.ts"
import { against, answer, ask, at, counted, nothing, own } from "../support/limitedServer.ts"

const tooLarge = "request-header-fields-too-large"
const short: NodeServerOptions = { exchangeTimeout: Duration.millis(300) }

/** Waits until the connection of a lane's next request is closed. */
const closing = Effect.fnUntraced(function*(lane: FastLane) {
  const closed = yield* Deferred.make<void>()
  const watching: FastLane = (request, response, pass) => {
    request.socket.once("close", () => Deferred.doneUnsafe(closed, Effect.void))
    return lane(request, response, pass)
  }
  return [watching, Deferred.await(closed)] as const
})

describe("An exchange that takes too long", () => {
  it.live("is ended for a client that doesn't read its answer, though something moves all the time", () =>
    Effect.gen(function*() {
      const [lane, closed] = yield* closing((_request, response) => {
        const body = Buffer.alloc(64 * 1024 * 1024)
        response.writeHead(200, { ...own, "content-length": body.length }).end(body)
        return true
      })
      yield* counted(
        "exchange-timeout",
        1,
        against(
          makeNodeServer(lane, short),
          Effect.gen(function*() {
            const { pause, write } = yield* connect
            yield* write(ask)
            yield* pause
            yield* closed
          })
        )
      )
    }))

  it.live("is ended where the body comes drop by drop, and the client is told", () =>
    Effect.gen(function*() {
      const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
      const dripping = Effect.gen(function*() {
        const { until, write } = yield* connect
        yield* write(head)
        const drops = Effect.andThen(Effect.repeat(write("x"), Schedule.spaced("10 millis")), Effect.never)
        const told = until((received) => repliesIn(received).length > 0)
        return repliesIn(yield* Effect.raceFirst(told, drops))
      })
      const reading: FastLane = (request) => {
        request.resume()
        return true
      }
      const [told] = yield* counted("exchange-timeout", 1, against(makeNodeServer(reading, short), dripping))
      assert(told !== undefined)
      assertProblem(told, 503, "service-unavailable")
      // It needn't come to that: the request alone has less time.
      const server = makeNodeServer(reading)
      server.headersTimeout = 1
      server.requestTimeout = 1
      const [late] = yield* against(server, dripping)
      assert(late !== undefined)
      assertProblem(late, 408, "request-timeout")
    }))

  it.live("is ended where the answer doesn't come, and whoever works on it hears of it", () =>
    Effect.gen(function*() {
      const [lane, closed] = yield* closing(nothing)
      const [reply] = yield* counted(
        "exchange-timeout",
        1,
        against(makeNodeServer(lane, short), Effect.tap(answersTo(ask), () => closed))
      )
      assert(reply !== undefined)
      const { detail } = assertProblem(reply, 503, "service-unavailable")
      assert.match(detail, /isn't known whether/)
      assert.strictEqual(reply.headers["retry-after"], "1")
      assert.strictEqual(reply.headers["connection"], "close")
    }))

  it.live("is told as every answer is: when, under the request's id, to the page that asks, and to HEAD without a body", () =>
    Effect.gen(function*() {
      const settings = { host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(1), ...short }
      const origin = "https://gallery.example"
      const server = listening({ ...settings, corsAllowedOrigins: [origin] }, nothing)
      yield* Effect.gen(function*() {
        const { address } = yield* HttpServer.HttpServer
        const from = `Host: a\r\nOrigin: ${origin}\r\nX-Request-Id: mine\r\n`
        const asked = (method: string, more = "") =>
          Effect.gen(function*() {
            const { all, write } = yield* connect
            yield* write(`${method} / HTTP/1.1\r\n${from}${more}\r\n`)
            return yield* all
          }).pipe(Effect.scoped)
        const many = "X: y\r\n".repeat(maxHeaders)
        const [late, lateHead, large] = yield* Effect.provideService(
          Effect.all([asked("GET"), asked("HEAD"), asked("GET", many)], { concurrency: 3 }),
          Target,
          at(address._tag === "UnixPathAddress" ? 0 : address.port)
        )
        for (const [received, status, name] of [[late, 503, "service-unavailable"], [large, 431, tooLarge]] as const) {
          const [reply] = repliesIn(received)
          assert(reply !== undefined)
          assertProblem(reply, status, name)
          assert.match(reply.headers["date"] ?? "", / GMT$/)
          assert.strictEqual(reply.headers["x-request-id"], "mine")
          assert.strictEqual(reply.headers["access-control-allow-origin"], origin)
        }
        assert.match(lateHead, /^HTTP\/1\.1 503 [^]*\r\ncontent-length: [1-9]\d*\r\n[^]*\r\n\r\n$/)
      }).pipe(Effect.provide(server))
    }))

  it.live("ends without another answer where one has begun", () =>
    Effect.gen(function*() {
      const half: FastLane = (_request, response) => {
        response.writeHead(200, { ...own, "content-length": 4 }).write("ok")
        return true
      }
      const received = yield* against(
        makeNodeServer(half, short),
        Effect.gen(function*() {
          const { all, write } = yield* connect
          yield* write(ask)
          return yield* all
        })
      )
      assert.match(received, /ok$/)
    }))

  it.live("doesn't stop what has begun and mustn't be stopped: a command goes on to its end", () =>
    Effect.gen(function*() {
      const [told, ended] = [yield* Deferred.make<void>(), yield* Deferred.make<string>()]
      const command = Deferred.await(told).pipe(
        Effect.andThen(Deferred.succeed(ended, "appended")),
        Effect.uninterruptible,
        Effect.as(HttpServerResponse.empty())
      )
      const settings = { host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(1), ...short }
      const server = HttpServer.serve(command).pipe(Layer.provideMerge(listening(settings)))
      yield* Effect.gen(function*() {
        const { address } = yield* HttpServer.HttpServer
        const target = at(address._tag === "UnixPathAddress" ? 0 : address.port)
        const [reply] = yield* Effect.provideService(answersTo(ask), Target, target)
        assert(reply !== undefined)
        assertProblem(reply, 503, "service-unavailable")
        yield* Deferred.succeed(told, undefined)
        assert.strictEqual(yield* Deferred.await(ended), "appended")
      }).pipe(Effect.ensuring(Deferred.succeed(told, undefined)), Effect.provide(server))
    }))

  it.live("is told from an idle connection, and from one on which much is asked", () =>
    Effect.gen(function*() {
      const rounds = Effect.gen(function*() {
        const { until, write } = yield* connect
        let rounds = 0
        const round = Effect.suspend(() => {
          rounds++
          return Effect.andThen(write(ask), until((received) => repliesIn(received).length === rounds))
        })
        // Longer between two than one exchange may take; what is counted is exchanges, not connections.
        yield* Effect.repeat(round, { schedule: Schedule.spaced("500 millis"), times: 2 })
      })
      yield* counted("exchange-timeout", 0, against(makeNodeServer(answer, short), rounds))
    }))
})
