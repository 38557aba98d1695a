import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { answer, bodyOf } from "../../../src/programs/migration/answer.ts"
import { addressOf } from "../../../src/programs/migration/ResourceRequest.ts"
import { serveStack } from "../lambda/resourceStack.ts"

const Body = Schema.fromJsonString(Schema.Struct({
  Status: Schema.Literal("FAILED"),
  Reason: Schema.String,
  PhysicalResourceId: Schema.String,
  StackId: Schema.String,
  RequestId: Schema.String,
  LogicalResourceId: Schema.String
}))

const address = {
  ResponseURL: "https://bucket.example/answer",
  StackId: "arn:aws:cloudformation:eu-central-1:123456789012:stack/marginalia/4f5a6b70-0000-11f0-8000-000000000000",
  RequestId: "b5a1f1b0-0000-4000-8000-000000000000",
  LogicalResourceId: "Migration"
}

/** The reason that is told, and how many bytes the whole answer has. */
const told = Effect.fnUntraced(function*(Reason: string) {
  const body = bodyOf(address, { Status: "FAILED", Reason })
  const { Reason: reason, ...rest } = yield* Schema.decodeEffect(Body)(body)
  const { ResponseURL: _, ...who } = address
  assert.deepStrictEqual(rest, { Status: "FAILED", PhysicalResourceId: "read-model", ...who })
  return { reason, bytes: Buffer.byteLength(body) }
})

const Characters = Schema.Array(Schema.Literals(["a", "é", "€", "\u{1f305}", "\u0000", "\n", "\"", "\\", "\ud83c"]))
  .check(
    Schema.isMinLength(1)
  )

/** Answers, while the time passes that it waits between its tries. */
const answering = (more: object, ResponseURL: string) =>
  Effect.gen(function*() {
    const request = yield* addressOf({ ...address, ...more, ResponseURL })
    const fiber = yield* Effect.forkChild(answer(request, { Status: "SUCCESS" }))
    yield* Effect.repeat(TestClock.adjust("100 millis"), { until: () => fiber.pollUnsafe() !== undefined })
    return yield* Fiber.join(fiber)
  })

describe("CloudFormation's answer", () => {
  it.effect("is put again while it isn't taken", () =>
    Effect.gen(function*() {
      const stack = yield* serveStack(5)
      const { RequestId, ResponseURL } = stack.request("Delete", {})
      yield* answering({ RequestId }, ResponseURL)
      assert.deepInclude(yield* stack.answer, { Status: "SUCCESS", RequestId })
      assert.strictEqual(stack.state.refused, 5)
    }))

  it.effect("is lost when it isn't taken six times, or there is nobody, and doesn't say where it was put", () =>
    Effect.gen(function*() {
      const stack = yield* serveStack(7)
      const { ResponseURL } = stack.request("Delete", {})
      const refused = yield* Effect.flip(answering({}, ResponseURL))
      assert.strictEqual(refused.message, "CloudFormation can't be answered: the status is 503.")
      assert.strictEqual(stack.state.refused, 6)
      const away = yield* Effect.flip(answering({}, "http://127.0.0.1:1/?X-Amz-Signature=secret"))
      assert.match(away.message, /^CloudFormation can't be answered: .*ECONNREFUSED/)
      assert.notInclude(away.message, "secret")
    }))

  it.effect.prop(
    "has at most 4096 bytes, and as much of the reason as fits",
    { Characters },
    ({ Characters }) =>
      Effect.gen(function*() {
        const whole = Characters.join("").repeat(4096)
        const { bytes, reason } = yield* told(whole)
        assert.isTrue(whole.startsWith(reason))
        assert.isAtMost(bytes, 4096)
        // Another character may take as much as six bytes.
        assert.isAbove(bytes, 4096 - 6)
      })
  )

  it.effect("tells a short reason as it is", () =>
    Effect.gen(function*() {
      const short = "The time was up: \u0000 \u{1f305}"
      assert.strictEqual((yield* told(short)).reason, short)
    }))

  it.effect("doesn't cut a character in two", () =>
    Effect.gen(function*() {
      for (const before of ["", "a", "aa", "aaa"]) {
        const { reason } = yield* told(before + "\u{1f305}".repeat(2000))
        assert.isTrue(reason.isWellFormed())
      }
    }))
})
