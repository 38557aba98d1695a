import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Effect, Schema } from "effect"
import process from "node:process"
import { vi } from "vitest"
import * as Logging from "../../src/platform/Logging.ts"
import { elementOf, oneOf } from "../support/arbitraries.ts"

/** What a program writes at one of both formats. */
const written = Effect.fnUntraced(function*<E>(logFormat: "json" | "logfmt", effect: Effect.Effect<void, E>) {
  const lines: Array<string> = []
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0)
  yield* effect.pipe(
    Effect.provide(Logging.layer({ logFormat, logLevel: "Info" })),
    Effect.ensuring(Effect.sync(() => spy.mockRestore()))
  )
  return lines.join("")
})

const code = (point: number) => String.fromCharCode(point)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => code(from + index))

/** Line ends of all kinds, controls, a terminal's commands, and what turns the order of characters. */
const nasty = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
  "\u061c",
  "\u200e",
  "\u200f"
]
const forbidden = new RegExp(
  `[${nasty.map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}]`
)

const texts = Arbitrary.map(
  Arbitrary.array(
    oneOf(
      elementOf(nasty[0] ?? "", ...nasty),
      elementOf(
        "\u001b[2J",
        "\u009b31m",
        "\u001b]0;a\u0007",
        "\r\nlevel=ERROR message=forged",
        "\"",
        "\\",
        " ",
        "=",
        "\ud800"
      ),
      Arbitrary.schema(Schema.String)
    )
  ),
  (parts) => parts.join("")
)

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Struct({
  message: Schema.Union([Schema.String, Schema.Array(Schema.String)]),
  annotations: Schema.Record(Schema.String, Schema.String),
  spans: Schema.Record(Schema.String, Schema.Finite),
  cause: Schema.String
})))

/** Logs a text in every place of an entry that one can come to. */
const everywhere = (text: string) =>
  Effect.logError(text, text, Cause.fail(new Error(text))).pipe(
    Effect.annotateLogs({ [text]: text, plain: text }),
    Effect.withLogSpan(text)
  )

const assertOneLine = (line: string) => {
  assert.isTrue(line.endsWith("\n"))
  assert.notMatch(line.slice(0, -1), forbidden)
}

describe("The log", () => {
  it.effect.prop(
    "has one line of JSON for an entry, whatever is in it, and nothing of it is lost",
    { text: texts },
    ({ text }) =>
      Effect.gen(function*() {
        const line = yield* written("json", everywhere(text))
        assertOneLine(line)
        const { annotations, message, spans } = decode(line)
        assert.deepStrictEqual(message, [text, text])
        assert.strictEqual(annotations["plain"], text)
        assert.strictEqual(annotations[text], text)
        assert.include(Object.keys(spans), text)
      })
  )

  it.effect.prop(
    "has one line of logfmt for an entry, whatever is in it",
    { text: texts },
    ({ text }) =>
      Effect.gen(function*() {
        assertOneLine(yield* written("logfmt", everywhere(text)))
      })
  )

  it.effect("shows what it doesn't let through", () =>
    Effect.gen(function*() {
      const text = "a\u001b[31m\nb\u202e\u0085"
      assert.include(yield* written("json", Effect.log(text)), "\"a\\u001b[31m\\nb\\u202e\\u0085\"")
      assert.include(yield* written("logfmt", Effect.log(text)), "message=\"a\\u001b[31m\\nb\\u202e\\u0085\"")
    }))
})
