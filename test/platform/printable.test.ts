import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { oneLine, printable } from "../../src/platform/printable.ts"
import { printing } from "../../src/programs/service/printing.ts"

const hostile = "a\tb\n\u001b[2J\u001b]52;c;AAAA\u0007\u009b1m\r\u007f\u0085\u2028\u202e\u2066"
const shown = "\\u001b[2J\\u001b]52;c;AAAA\\u0007\\u009b1m\\u000d\\u007f\\u0085\\u2028\\u202e\\u2066"

describe("What is printed for people", () => {
  it("shows what a terminal would obey, and keeps its lines", () => {
    assert.strictEqual(printable(hostile), `a\tb\n${shown}`)
    assert.strictEqual(oneLine(hostile), `a\\u0009b\\u000a${shown}`)
    const plain = "Zo\u00eb \u{1f305} \u05e9\u05dc\u05d5\u05dd \u00a0\u200d"
    assert.strictEqual(printable(plain), plain)
  })

  it("is the same value still, if it was JSON", () => {
    const value = { text: hostile }
    assert.deepStrictEqual(JSON.parse(printable(JSON.stringify(value))), value)
  })

  it.effect("is whatever a program prints on either stream", () =>
    Effect.gen(function*() {
      const printed: Array<unknown> = []
      const both = Effect.andThen(Console.log(hostile, 1), Console.error(hostile))
      yield* Effect.provideService(printing(both), Console.Console, {
        ...globalThis.console,
        log: (...parts) => printed.push(parts),
        error: (...parts) => printed.push(parts)
      })
      assert.deepStrictEqual(printed, [[`a\tb\n${shown}`, 1], [`a\tb\n${shown}`]])
    }))
})
