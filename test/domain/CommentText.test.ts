import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import type { TextFault } from "../../src/domain/CommentText.ts"
import { CommentText, describeFault, maxBytes, maxGraphemes, parseText } from "../../src/domain/CommentText.ts"
import { typedText } from "../support/arbitraries.ts"

const parsed = (typed: string): string | ReadonlyArray<TextFault> =>
  Result.match(parseText(typed), { onSuccess: (text): string => text, onFailure: (faults) => faults })

const faultsOf = (typed: string): ReadonlyArray<string> => {
  const outcome = parsed(typed)
  return typeof outcome === "string" ? [] : outcome.map(({ _tag }) => _tag)
}

// One grapheme, 11 UTF-16 units, 25 bytes.
const family = "👨‍👩‍👧‍👦"

describe("A text", () => {
  it("has LF for CRLF", () => assert.strictEqual(parsed("a\r\nb\r\n\r\nc"), "a\nb\n\nc"))

  it("is in NFC", () => {
    assert.strictEqual(parsed("e\u0301"), "\u00E9")
    assert.strictEqual(parsed("\u1112\u1161\u11AB"), "\uD55C")
    assert.strictEqual(parsed("a\u0323\u0302"), parsed("a\u0302\u0323"))
    assert.strictEqual(parsed("\uFB01"), "\uFB01")
  })

  it.each([
    ["spaces and tabs", " \t"],
    ["line ends of every kind", "\n\r\n\r\u2028\u2029"],
    ["a vertical tab and a form feed", "\v\f"],
    ["a no-break space", "\u00A0"],
    ["a byte order mark", "\uFEFF"],
    ["the space separators of all scripts", "\u1680\u2000\u2003\u2009\u200A\u202F\u205F\u3000"]
  ])("is trimmed of %s at both ends", (_, white) => {
    assert.strictEqual(parsed(`${white}a b${white}`), "a b")
    assert.deepStrictEqual(parsed(white), [{ _tag: "Empty" }])
  })

  it("keeps its white space inside, and newlines and tabs", () => {
    assert.strictEqual(parsed("a\u00A0 \t\n\u2028b"), "a\u00A0 \t\n\u2028b")
  })

  it("keeps what is no white space at its ends: joiners, zero-width spaces and marks", () => {
    for (const text of ["\u200Ba\u200B", "\u200Da", "a\u180E", "\u0301a"]) assert.strictEqual(parsed(text), text)
  })

  it("is plain: markup in it is just characters", () => {
    const typed = `<script>alert("1")</script> & &amp; \\u0000 %00`
    assert.strictEqual(parsed(typed), typed)
  })

  it("must not be empty, before or after trimming", () => {
    assert.deepStrictEqual(parsed(""), [{ _tag: "Empty" }])
    assert.deepStrictEqual(parsed(" \r\n\t "), [{ _tag: "Empty" }])
  })
})

describe("The length of a text", () => {
  it("is counted in graphemes, at most 2,200", () => {
    assert.deepStrictEqual(faultsOf("a".repeat(2200)), [])
    assert.deepStrictEqual(faultsOf("a".repeat(2201)), ["TooManyGraphemes"])
    assert.strictEqual(maxGraphemes, 2200)
  })

  it("counts a family as one grapheme, whose bytes count all the same", () => {
    assert.deepStrictEqual(parsed(family.repeat(2200)), [{ _tag: "TooManyBytes", bytes: 55_000 }])
    assert.deepStrictEqual(faultsOf(family.repeat(2201)), ["TooManyGraphemes", "TooManyBytes"])
  })

  it("allows 2,200 graphemes of several units each", () => {
    const flag = "🇦🇶"
    assert.deepStrictEqual(faultsOf("e\u0328\u0301".repeat(2200)), [])
    assert.deepStrictEqual(faultsOf("e\u0328\u0301".repeat(2201)), ["TooManyGraphemes"])
    assert.deepStrictEqual(faultsOf(flag.repeat(1250)), [])
  })

  it("is counted after trimming and normalising", () => {
    assert.deepStrictEqual(faultsOf(`${" ".repeat(9000)}${"a\r\n".repeat(1100)}${"\n".repeat(9000)}`), [])
    assert.deepStrictEqual(faultsOf("\u1112\u1161\u11AB".repeat(2200)), [])
  })

  it("is at most 10,000 bytes of UTF-8", () => {
    assert.strictEqual(maxBytes, 10_000)
    assert.deepStrictEqual(faultsOf("a\u0300\u0301\u0302\u0303".repeat(1111) + "a"), [])
    assert.deepStrictEqual(faultsOf("\u{1F4F7}\u200D".repeat(1428) + "abcd"), [])
    assert.deepStrictEqual(parsed("\u{1F4F7}\u200D".repeat(1428) + "abcde"), [{ _tag: "TooManyBytes", bytes: 10_001 }])
  })
})

describe("Combining marks", () => {
  // Three marks that compose into one: the most marks in the fewest bytes.
  const vowel = "\u0DD9\u0DCF\u0DCA"

  it("may be as many as fit, however few bytes are left of them", () => {
    assert.strictEqual(parsed(vowel.repeat(3333)), "\u0DDD".repeat(3333))
    assert.strictEqual(parsed("a\u0301\u0323".repeat(2000)), "\u1EA1\u0301".repeat(2000))
  })

  it("are never more in a character than it has bytes", () => {
    const encoder = new TextEncoder()
    const exceptions: Array<string> = []
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      const character = String.fromCodePoint(codePoint)
      const marks = character.normalize("NFD").match(/\p{M}/gu)?.length ?? 0
      if (marks > encoder.encode(character.normalize("NFC")).length) exceptions.push(`U+${codePoint.toString(16)}`)
    }
    assert.isEmpty(exceptions)
  })

  it("that can't fit however they compose are never composed, for that takes quadratic time", () => {
    assert.deepStrictEqual(parsed(`a${vowel.repeat(3335)}`), [{ _tag: "TooManyBytes", bytes: 30_016 }])
    assert.deepStrictEqual(parsed(`a${"\u0301".repeat(16_000)}${"\u0323".repeat(16_000)}`), [
      { _tag: "TooManyBytes", bytes: 64_001 }
    ])
  })
})

describe("A character that a text can't have", () => {
  it("is any control character but newline and tab", () => {
    const controls = [...Array(0xa0).keys()].filter((code) => /\p{Cc}/u.test(String.fromCodePoint(code)))
    assert.strictEqual(controls.length, 65)
    for (const codePoint of controls.filter((code) => code !== 0x0a && code !== 0x09)) {
      assert.deepStrictEqual(parsed(`a${String.fromCodePoint(codePoint)}b`), [{ _tag: "ControlCharacter", codePoint }])
    }
  })

  it("is a lone CR", () => {
    assert.deepStrictEqual(faultsOf("a\rb"), ["ControlCharacter"])
    assert.deepStrictEqual(faultsOf("a\n\rb"), ["ControlCharacter"])
    assert.deepStrictEqual(faultsOf("a\r\r\nb"), ["ControlCharacter"])
  })

  it("is a NUL at either end, which no trimming takes away", () => {
    assert.deepStrictEqual(faultsOf("\u0000a"), ["ControlCharacter"])
    assert.deepStrictEqual(faultsOf("a \u0000"), ["ControlCharacter"])
  })

  it("is none of the format characters, which scripts need", () => {
    assert.deepStrictEqual(faultsOf("a\u200E\u202Eb\u2066\u00AD"), [])
  })

  it("is half a surrogate pair", () => {
    for (const typed of ["\uD83D", "a\uDC00b", "\uDC00\uD800", "\uD83D\uD83D\uDE00"]) {
      assert.deepStrictEqual(faultsOf(typed), ["LoneSurrogate"])
    }
  })
})

it("All faults of a text are told at once, each once", () => {
  assert.deepStrictEqual(parsed("\u0001\u0002\uD800\uD800" + "長".repeat(4000)), [
    { _tag: "TooManyGraphemes" },
    { _tag: "TooManyBytes", bytes: 12_008 },
    { _tag: "ControlCharacter", codePoint: 1 },
    { _tag: "LoneSurrogate" }
  ])
})

it("Every fault has a sentence for whoever typed the text", () => {
  const faults: ReadonlyArray<TextFault> = [
    { _tag: "Empty" },
    { _tag: "TooManyGraphemes" },
    { _tag: "TooManyBytes", bytes: 12_008 },
    { _tag: "ControlCharacter", codePoint: 27 },
    { _tag: "LoneSurrogate" }
  ]
  assert.deepStrictEqual(faults.map(describeFault), [
    "must not be empty or only white space",
    "must have at most 2200 characters",
    "must have at most 10000 bytes of UTF-8, but has 12008",
    "must not contain control characters but newline and tab, found U+001B",
    "must not contain lone surrogates"
  ])
})

describe("The one stored form", () => {
  const isCommentText = Schema.is(CommentText)

  it.effect.prop(
    "is what parsing gives, and parsing it again changes nothing",
    [typedText],
    ([typed]) =>
      Effect.sync(() => {
        const text = parsed(typed)
        if (typeof text !== "string") return
        assert.isTrue(isCommentText(text))
        assert.strictEqual(parsed(text), text)
      })
  )

  it.effect.prop(
    "is the only one: what isn't in it is no comment's text",
    [typedText],
    ([typed]) => Effect.sync(() => assert.strictEqual(isCommentText(typed), parsed(typed) === typed))
  )
})
