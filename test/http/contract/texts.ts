import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { command, commentOf, edit, newPicture, post, posted, tokenOf } from "../comments.ts"
import type { Part } from "../Part.ts"
import { anybody } from "../people.ts"
import { after, commentUrl, get } from "../queries.ts"

// One grapheme, seven code points, eleven UTF-16 units, twenty-five bytes.
const family = "👩‍👩‍👧‍👦"

const invalid = Effect.fnUntraced(function*(text: string, ...details: ReadonlyArray<RegExp>) {
  const { authorId, id } = yield* posted()
  for (const reply of [yield* post(newPicture(), yield* anybody, text), yield* edit(id, authorId, text)]) {
    const { errors } = assertProblem(reply, 422, "invalid-request")
    assert.deepStrictEqual(errors.map(({ pointer }) => pointer), details.map(() => "/text"))
    details.forEach((detail, index) => assert.match(errors[index]?.detail ?? "", detail))
  }
})

const stored = Effect.fnUntraced(function*(typed: string, kept: string) {
  const { authorId, id } = yield* posted()
  const created = assertStatus(yield* post(newPicture(), authorId, typed), 201)
  const changed = assertStatus(yield* edit(id, authorId, typed), 200)
  assert.strictEqual(commentOf(created).text, kept)
  assert.strictEqual(commentOf(changed).text, kept)
  assert.strictEqual(commentOf(yield* get(commentUrl(id), after(tokenOf(changed)))).text, kept)
})

export const texts: Part = (it) =>
  describe("A comment's text", () => {
    it.effect("has its CRLF turned into LF", () => stored("one\r\n\r\ntwo", "one\n\ntwo"))

    it.effect("is brought to NFC", () => stored("cafe\u0301 \u212b", "caf\u00e9 \u00c5"))

    it.effect("is trimmed of white space at both ends, and only there", () =>
      stored(" \t\r\n\u00a0\u3000 one \n\t two \u2028\u00a0\n ", "one \n\t two"))

    it.effect("keeps newlines and tabs", () => stored("a\n\n\tb", "a\n\n\tb"))

    it.effect("is plain: what looks like HTML, SQL or a template is just characters", () =>
      Effect.gen(function*() {
        const texts = [
          "<script>alert('meow')</script>",
          "&lt;b&gt; &amp; \"quotes\" \\ / \\u0041",
          "'); DROP TABLE comments; --",
          "{{constructor.constructor('return process')()}} ${7*7} %0d%0aSet-Cookie: a=b",
          "$1 %s ?"
        ]
        yield* Effect.forEach(texts, (text) => stored(text, text), { concurrency: 8, discard: true })
      }))

    it.effect("has 1 grapheme at least: 422", () =>
      Effect.gen(function*() {
        for (const text of ["", " ", "\r\n\t\u00a0"]) yield* invalid(text, /empty/)
      }))

    it.effect("has 2,200 graphemes at most: 422", () =>
      Effect.all([
        stored(` ${"x".repeat(2200)} `, "x".repeat(2200)),
        stored("\u00e9".repeat(2200), "\u00e9".repeat(2200)),
        stored("e\u0301".repeat(2200), "\u00e9".repeat(2200)),
        invalid("x".repeat(2201), /2200/)
      ], { concurrency: 4, discard: true }))

    it.effect("has 10,000 bytes of UTF-8 at most, however few graphemes these are: 422", () =>
      Effect.gen(function*() {
        yield* stored(family.repeat(400), family.repeat(400))
        yield* invalid(family.repeat(401), /10000 bytes of UTF-8, but has 10025/)
      }))

    it.effect("has no control characters but newline and tab: 422", () =>
      Effect.gen(function*() {
        const controls = ["\u0000", "\u0007", "\u001b", "\u007f", "\u0085", "\u009f", "\r"]
        yield* Effect.forEach(controls, (control) => invalid(`a${control}b`, /control characters/), {
          concurrency: 8,
          discard: true
        })
      }))

    it.effect("has no lone surrogates: 422", () =>
      Effect.gen(function*() {
        for (const lone of ["\ud83d", "\ude38", "\ude38\ud83d"]) yield* invalid(`a${lone}b`, /lone surrogates/)
      }))

    it.effect("is told all its faults at once", () =>
      invalid("\u0000\ud800".repeat(4000), /graphemes|characters/, /bytes/, /control/, /surrogates/))

    it.effect("is a string: 422", () =>
      Effect.gen(function*() {
        for (
          const body of [
            "{}",
            "{\"text\":null}",
            "{\"text\":1}",
            "{\"text\":[\"a\"]}",
            "{\"text\":{}}",
            "{\"text\":true}"
          ]
        ) {
          const reply = yield* command({
            method: "POST",
            path: `/pictures/${newPicture()}/comments`,
            body,
            by: yield* anybody
          })
          assert.deepStrictEqual(assertProblem(reply, 422, "invalid-request").errors.map(({ pointer }) => pointer), [
            "/text"
          ])
        }
      }))
  })
