import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { RequestListener } from "node:http"
import { maxGatewayBodyBytes, maxGatewayHeaderBytes } from "../../../../src/api/gatewayLimits.ts"
import { maxBodyBytes } from "../../../../src/api/RequestRules.ts"
import { assertStatus } from "../../../http/assertAnswer.ts"
import { exchange, jsonOf, type Reply } from "../../../http/exchange.ts"
import { answersTo, connect, repliesIn } from "../../../http/rawConnection.ts"
import { Target } from "../../../http/Target.ts"
import { makeService, openBefore, openBeforeOne } from "./before.ts"

const Message = Schema.Struct({ message: Schema.NonEmptyString })

/** Asserts that an answer is the gateway's own: a message and its id, and nothing of a problem. */
const assertOwn = (reply: Reply | undefined, status: number): void => {
  assert(reply !== undefined)
  const { headers } = assertStatus(reply, status)
  assert.isTrue(Schema.is(Message)(jsonOf(reply)), reply.text)
  assert.strictEqual(headers["content-type"], "application/json")
  assert.match(headers["apigw-requestid"] ?? "", /^[\w+/]{15}=$/)
  assert.notProperty(headers, "x-request-id")
}

const done: RequestListener = (_request, response) => {
  response.writeHead(200, { "x-request-id": "one", "content-length": 0 }).end()
}

/** A head of so many bytes. */
const headOf = (bytes: number): string => {
  const [start, end] = ["GET /a HTTP/1.1\r\nHost: x\r\nX-Long: ", "\r\n\r\n"]
  return start + "x".repeat(bytes - start.length - end.length) + end
}

/** A service that counts what it is sent, and refuses what is too long as soon as it knows. */
const counting = () => {
  const seen = { asked: 0, bytes: 0, announced: 0 }
  const answer: RequestListener = (request, response) => {
    seen.asked++
    seen.announced = Number(request.headers["content-length"])
    if (seen.announced > maxBodyBytes) {
      const headers = { "x-request-id": "service", "content-length": 0, "connection": "close" }
      response.writeHead(200, headers).end()
    } else {
      request.on("data", (chunk: Buffer) => {
        seen.bytes += chunk.length
      }).on("end", () => done(request, response))
    }
  }
  return { answer, seen }
}

const chunk = (size: number): string => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`

const post = (...headers: ReadonlyArray<string>): string =>
  ["POST /a HTTP/1.1", "Host: x", ...headers].map((line) => `${line}\r\n`).join("") + "\r\n"

describe("The entry point has the gateway's limits:", () => {
  it.live("a head of 10,240 bytes goes through, a longer one is answered 431", () =>
    Effect.gen(function*() {
      const target = yield* openBeforeOne(done)
      const ask = (bytes: number) => Effect.provideService(answersTo(headOf(bytes)), Target, target)
      assert.strictEqual((yield* ask(maxGatewayHeaderBytes))[0]?.status, 200)
      for (const bytes of [maxGatewayHeaderBytes + 1, 12_000, 20_000]) {
        const [reply] = yield* ask(bytes)
        assertOwn(reply, 431)
        assert.strictEqual(reply?.headers["connection"], "close")
      }
    }))

  it.live("no service is asked before the whole body is there, and none is sent more than it reads", () =>
    Effect.gen(function*() {
      const { answer, seen } = counting()
      const target = yield* openBeforeOne(answer)
      const { until, write } = yield* Effect.provideService(connect, Target, target)
      yield* write(post("Expect: 100-continue", "Transfer-Encoding: chunked"))
      yield* until((received) => received === "HTTP/1.1 100 Continue\r\n\r\n")
      yield* write(chunk(maxBodyBytes))
      assertStatus(yield* Effect.provideService(exchange({ method: "GET", path: "/b" }), Target, target), 200)
      assert.strictEqual(seen.asked, 1)
      yield* write("0\r\n\r\n")
      const answered = (count: number) =>
        until((received) => repliesIn(received.replaceAll("HTTP/1.1 100 Continue\r\n\r\n", "")).length >= count)
      yield* answered(1)
      assert.deepStrictEqual(seen, { asked: 2, bytes: maxBodyBytes, announced: maxBodyBytes })
      yield* write(post("Transfer-Encoding: chunked") + chunk(maxBodyBytes) + chunk(1) + "0\r\n\r\n")
      yield* answered(2)
      assert.deepStrictEqual(seen, { asked: 3, bytes: maxBodyBytes, announced: maxBodyBytes + 1 })
    }))

  it.live("a body of 10 MB is a service's to refuse, a longer one is answered 413, announced or not", () =>
    Effect.gen(function*() {
      const { answer, seen } = counting()
      const target = yield* openBeforeOne(answer)
      const megabyte = Buffer.alloc(1024 * 1024, "x")
      const ten = Array.from<Uint8Array>({ length: maxGatewayBodyBytes / megabyte.length }).fill(megabyte)
      const send = (body: Uint8Array | ReadonlyArray<Uint8Array>) =>
        Effect.provideService(exchange({ method: "POST", path: "/a", body }), Target, target)
      for (const body of [Buffer.concat(ten), ten]) {
        assert.strictEqual((yield* send(body)).headers["x-request-id"], "service")
      }
      assert.deepStrictEqual(seen, { asked: 2, bytes: 0, announced: maxGatewayBodyBytes })
      for (const body of [Buffer.concat([...ten, Buffer.from("x")]), [...ten, Buffer.from("x")]]) {
        assertOwn(yield* send(body), 413)
      }
      assert.strictEqual(seen.asked, 2)
    }))

  it.live("a service that is away or goes away is answered 503", () =>
    Effect.gen(function*() {
      const away = new URL("http://127.0.0.1:1")
      const leaving = yield* makeService((request) => request.socket.destroy())
      for (const service of [away, leaving]) {
        const target = yield* openBefore({ commands: service, queries: service })
        yield* Effect.gen(function*() {
          assertOwn(yield* exchange({ method: "GET", path: "/a" }), 503)
          assertOwn(yield* exchange({ method: "POST", path: "/a", body: "{}" }), 503)
          assert.strictEqual(assertStatus(yield* exchange({ method: "HEAD", path: "/a" }), 503).text, "")
        }).pipe(Effect.provideService(Target, target))
      }
    }))

  it.live("a service that says nothing for too long is answered 504, and told that nobody waits", () =>
    Effect.gen(function*() {
      const closed = Promise.withResolvers<void>()
      const target = yield* openBeforeOne((_request, response) => {
        response.once("close", () => closed.resolve())
      }, 50)
      assertOwn(yield* Effect.provideService(exchange({ method: "GET", path: "/a" }), Target, target), 504)
      yield* Effect.promise(() => closed.promise)
    }))
})
