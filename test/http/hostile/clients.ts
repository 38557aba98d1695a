import { assert, describe } from "@effect/vitest"
import { Effect, Predicate, Schedule } from "effect"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, command, newPicture, posted } from "../comments.ts"
import type { Part } from "../Part.ts"
import { newUser } from "../people.ts"
import { after, get, pageOf, pageUrl } from "../queries.ts"
import { answersTo, connect, repliesIn } from "../rawConnection.ts"

const megabyte = 1024 * 1024

/** Everything is as it should be for somebody else. */
const othersAreServed = Effect.gen(function*() {
  const { pictureId, token } = yield* posted()
  assert.strictEqual(pageOf(yield* get(pageUrl(pictureId), after(token))).count, 1)
})

const head = Effect.fnUntraced(function*(picture: string, ...more: ReadonlyArray<string>) {
  const { authorization } = yield* bearer(newUser())
  const lines = [
    `POST ${pageUrl(picture)} HTTP/1.1`,
    "Host: x",
    `Authorization: ${authorization}`,
    "Content-Type: application/json",
    ...more
  ]
  return lines.map((line) => `${line}\r\n`).join("")
})

/** A body of so many pieces of 64 KiB, all the same one. */
const hugeBody = (kilobytes: number): ReadonlyArray<Uint8Array> =>
  Array.from<Uint8Array>({ length: kilobytes / 64 }).fill(Buffer.alloc(65_536, "x"))

const upload = (body: string | Uint8Array | ReadonlyArray<Uint8Array>) =>
  command({ method: "POST", path: pageUrl(newPicture()), by: newUser(), body })

setFlagsFromString("--expose-gc")
const collectGarbage: unknown = runInNewContext("gc")

/** What this process holds in memory and can't let go of, in bytes. The server is in this process. */
const memoryHeld = Effect.sync(() => {
  if (Predicate.isFunction(collectGarbage)) Reflect.apply(collectGarbage, undefined, [])
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
})

/** Hardly more is held than before, once what is no longer needed is collected: one round seldom gets hold of all of it. */
const assertNotKept = (before: number) =>
  Effect.map(memoryHeld, (held) => assert.isBelow(held - before, 32 * megabyte)).pipe(
    Effect.catchDefect(Effect.fail),
    Effect.retry({ schedule: Schedule.spaced("50 millis"), times: 100 }),
    Effect.orDie
  )

export const hostileClients: Part = (it) =>
  describe("A client", () => {
    it.effect("that goes away in the middle of its request posts nothing, and disturbs nobody", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const announced = yield* head(picture, "Content-Length: 15")
        const chunked = yield* head(picture, "Transfer-Encoding: chunked")
        const torsos = [
          announced.slice(0, 40),
          announced,
          `${announced}\r\n{"text":"te`,
          chunked,
          `${chunked}\r\nf\r\n{"text":"text"}\r\n`
        ]
        for (const torso of torsos) {
          const leave = Effect.scoped(Effect.flatMap(connect, ({ write }) => write(torso)))
          yield* Effect.replicateEffect(leave, 10, { concurrency: "unbounded", discard: true })
          const { all, end, write } = yield* connect
          yield* write(torso)
          yield* end
          for (const reply of repliesIn(yield* all)) assertProblem(reply, 400, "malformed-request")
        }
        yield* othersAreServed
        assert.strictEqual(pageOf(yield* get(pageUrl(picture))).count, 0)
      }))

    it.effect("that takes its time doesn't take that of others", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const slow = yield* Effect.replicateEffect(connect, 30)
        const lines = yield* head(picture, "Content-Length: 15", "Connection: close")
        for (const connection of slow) yield* connection.write(lines.slice(0, 30))
        yield* othersAreServed
        for (const connection of slow) yield* connection.write(lines.slice(30))
        yield* othersAreServed
        for (const connection of slow) yield* connection.write("\r\n{\"text\"")
        yield* othersAreServed
        for (const connection of slow) yield* connection.write(":\"text\"}")
        const received = yield* Effect.forEach(slow, ({ all }) => all, { concurrency: "unbounded" })
        for (const [reply] of received.map(repliesIn)) assert.strictEqual(reply?.status, 201)
      }))

    it.effect("that doesn't read what it asked for doesn't hold up others, nor much memory", () =>
      Effect.gen(function*() {
        assertStatus(yield* get("/docs"), 200)
        const before = yield* memoryHeld
        for (let n = 0; n < 40; n++) {
          const { pause, write } = yield* connect
          yield* pause
          yield* write("GET /docs HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3))
        }
        yield* othersAreServed
        yield* assertNotKept(before)
      }))

    it.effect("that sends 10 MB is refused, and nothing of it is kept", () =>
      Effect.gen(function*() {
        assertProblem(yield* upload(Buffer.alloc(10 * megabyte, "x")), 413, "content-too-large")
        assertProblem(yield* upload(hugeBody(10 * 1024)), 413, "content-too-large")
        const before = yield* memoryHeld
        for (let round = 0; round < 3; round++) {
          yield* Effect.forEach(Array.from({ length: 8 }), () => upload(hugeBody(10 * 1024)), {
            concurrency: "unbounded",
            discard: true
          })
        }
        yield* assertNotKept(before)
        yield* othersAreServed
      }))

    it.effect("that asks first whether it may send its body is told before it does", () =>
      Effect.gen(function*() {
        const { until, write } = yield* connect
        const picture = newPicture()
        yield* write(`${yield* head(picture, "Content-Length: 15", "Expect: 100-continue")}\r\n`)
        yield* until((received) => received === "HTTP/1.1 100 Continue\r\n\r\n")
        yield* write("{\"text\":\"text\"}")
        const [created] = repliesIn(
          (yield* until((received) => received.includes("createdAt"))).replace("HTTP/1.1 100 Continue\r\n\r\n", "")
        )
        assert.strictEqual(created?.status, 201)
        const [refused] = yield* answersTo(
          `${yield* head(picture, `Content-Length: ${11 * megabyte}`, "Expect: 100-continue")}\r\n`
        )
        assert(refused !== undefined)
        assertProblem(refused, 413, "content-too-large")
      }))

    it.effect("that nests its JSON 30,000 deep is told what is wrong with it", () =>
      Effect.gen(function*() {
        const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
        for (
          const body of [
            deep("[", "]", 30_000),
            `{"text":${deep("[", "]", 30_000)}}`,
            `{"text":${deep("{\"a\":[", "]}", 8000)}}`
          ]
        ) {
          assertProblem(yield* upload(body), 422, "invalid-request")
        }
        assertProblem(yield* upload("[".repeat(60_000)), 400, "malformed-request")
        assertProblem(yield* upload("{\"a\":".repeat(13_000)), 400, "malformed-request")
      }))

    it.effect("that sends thousands of properties is told of some", () =>
      Effect.gen(function*() {
        const body = JSON.stringify(
          Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`property-${index}`, 1]))
        )
        const { errors } = assertProblem(
          yield* upload(body.slice(0, 64_000).replace(/,[^,]*$/, "}")),
          422,
          "invalid-request"
        )
        assert.isBelow(errors.length, 200)
        const long = assertProblem(yield* upload(JSON.stringify({ ["x".repeat(60_000)]: 1 })), 422, "invalid-request")
        assert.isBelow(JSON.stringify(long).length, 1000)
      }))

    it.effect("that doesn't wait for answers before it asks again gets them in their order", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const post = `${yield* head(picture, "Content-Length: 15")}\r\n{"text":"text"}`
        const read = `GET ${pageUrl(picture, "?limit=1")} HTTP/1.1\r\nHost: x\r\n\r\n`
        const wrong = "GET /no/such/address HTTP/1.1\r\nHost: x\r\n\r\n"
        const replies = yield* answersTo((post + read + wrong).repeat(20), 60)
        assert.deepStrictEqual(
          replies.map(({ status }) => status),
          Array.from({ length: 20 }, () => [201, 200, 404]).flat()
        )
      }))

    it.effect("may be one of 200 with a connection of their own", () =>
      Effect.gen(function*() {
        const connections = yield* Effect.replicateEffect(connect, 200)
        const ask = `GET ${pageUrl(newPicture())} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
        for (const { write } of connections) yield* write(ask)
        const received = yield* Effect.forEach(connections, ({ all }) => all, { concurrency: "unbounded" })
        for (const [reply] of received.map(repliesIn)) assert.strictEqual(reply?.status, 200)
        assertStatus(yield* get("/health/ready"), 200)
      }))
  })
