import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { bodyOf } from "../../../src/programs/migration/answer.ts"

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

describe("CloudFormation's answer", () => {
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
