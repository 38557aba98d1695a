import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { MarginaliaClient } from "../../../src/api/MarginaliaClient.ts"
import { AuthorId, PictureId } from "../../../src/domain/ids.ts"
import { comeBackLater } from "../../../src/programs/replay/comeBackLater.ts"
import type { NumberedOperation } from "../../../src/programs/replay/Operation.ts"
import { makeSend } from "../../../src/programs/replay/send.ts"

const url = "http://127.0.0.1:8080"

const post: NumberedOperation = {
  line: 7,
  operation: { op: "post", ref: "a", picture: PictureId.make("sunset"), author: AuthorId.make("ana"), text: "text" }
}

const comment = {
  id: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
  pictureId: "sunset",
  authorId: "ana",
  text: "text",
  version: 1,
  createdAt: "2026-11-23T10:00:00.000Z",
  editedAt: null
}

const created = (): Response =>
  Response.json(comment, {
    status: 201,
    headers: { "cache-control": "no-store", "consistency-token": "x", "etag": "\"1\"", "location": "/" }
  })

const busy = (status: number, headers: Readonly<Record<string, string>> = {}) => (): Response =>
  Response.json(
    { type: "/problems/service-unavailable", title: "x", status, detail: "x" },
    { status, headers: { "content-type": "application/problem+json", ...headers } }
  )

/** A server that answers so, one after the other, the last for ever; undefined where nobody answers. */
const sendTo = Effect.fnUntraced(function*(...answers: ReadonlyArray<(() => Response) | undefined>) {
  const keys: Array<string> = []
  const times: Array<number> = []
  const server = HttpClient.make((request, _url, _signal, fiber) => {
    times.push(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe())
    const answer = answers[Math.min(keys.length, answers.length - 1)]
    keys.push(request.headers["idempotency-key"] ?? "")
    return answer === undefined
      ? Effect.fail(
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, cause: "refused" })
        })
      )
      : Effect.succeed(HttpClientResponse.fromWeb(request, answer()))
  })
  const send = makeSend(url, "digest", () => Effect.succeed(Redacted.make("token")))
  const sending = yield* send(post).pipe(
    Effect.provide(
      MarginaliaClient.layer(url).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, comeBackLater(server))))
    ),
    Effect.result,
    Effect.forkChild
  )
  yield* TestClock.adjust("10 minutes")
  return { sent: yield* Fiber.join(sending), keys, times }
})

describe("Sending an operation", () => {
  it.effect("is tried again under its own key until the server has answered", () =>
    Effect.gen(function*() {
      const { keys, sent } = yield* sendTo(undefined, busy(503), busy(500), undefined, created)
      assert.deepInclude(sent, { _tag: "Success", success: { _tag: "Done", replayed: false } })
      assert.deepStrictEqual(keys, Array.from({ length: 5 }, () => "digest-7"))
    }))

  it.effect("that was one too many is sent again when the server says, however long that takes", () =>
    Effect.gen(function*() {
      const tooMany = busy(429, { "retry-after": "120" })
      const { sent, times } = yield* sendTo(tooMany, tooMany, created)
      assert.deepInclude(sent, { _tag: "Success", success: { _tag: "Done", replayed: false } })
      assert.deepStrictEqual(times, [0, 120_000, 240_000])
    }))

  it.effect("ends the whole replay when nobody answers any more", () =>
    Effect.gen(function*() {
      const { keys, sent } = yield* sendTo(undefined)
      assert.isAbove(keys.length, 5)
      assert(sent._tag === "Failure")
      assert.strictEqual(sent.failure._tag, "ServerUnreachable")
      assert.match(sent.failure.message, /^http:\/\/127\.0\.0\.1:8080 can't be reached\. .*\.$/)
    }))

  it.effect("gives up an operation that the server can't do, and goes on with the others", () =>
    Effect.gen(function*() {
      const { sent } = yield* sendTo(busy(503))
      assert(sent._tag === "Success")
      assert.deepInclude(sent.success, { _tag: "Refused", line: 7 })
    }))
})
