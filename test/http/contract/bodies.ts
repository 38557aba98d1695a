import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, command, commentOf, newPicture, posted } from "../comments.ts"
import type { Exchange } from "../exchange.ts"
import { exchange } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody } from "../people.ts"

const limit = 64 * 1024

const postBody = (body: NonNullable<Exchange["body"]>, headers: Readonly<Record<string, string>> = {}) =>
  Effect.flatMap(
    anybody,
    (by) => command({ method: "POST", path: `/pictures/${newPicture()}/comments`, body, by, headers })
  )

/** A good draft of so many bytes: JSON may be followed by white space. */
const draftOf = (bytes: number): string => "{\"text\":\"text\"}".padEnd(bytes, " ")

const pieces = (text: string, size: number): ReadonlyArray<Uint8Array> =>
  Array.from(
    { length: Math.ceil(text.length / size) },
    (_, index) => Buffer.from(text.slice(index * size, (index + 1) * size))
  )

export const bodies: Part = (it) =>
  describe("Bodies", () => {
    it.effect("of another media type are refused: 415", () =>
      Effect.gen(function*() {
        const body = draftOf(0)
        const wrong = [
          "",
          "text/plain",
          "text/json",
          "application/jsonp",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/json, text/plain",
          "application/json; charset=latin1",
          "application/json; charset=utf-16",
          "*/*"
        ]
        yield* Effect.forEach(wrong, (type) =>
          Effect.gen(function*() {
            assertProblem(yield* postBody(body, { "content-type": type }), 415, "unsupported-media-type")
          }), { concurrency: 8, discard: true })
        for (const coding of ["gzip", "br", "identity, gzip"]) {
          assertProblem(yield* postBody(body, { "content-encoding": coding }), 415, "unsupported-media-type")
        }
        const untyped = {
          method: "POST",
          path: `/pictures/${newPicture()}/comments`,
          body,
          headers: yield* bearer(yield* anybody)
        }
        assertProblem(yield* exchange(untyped), 415, "unsupported-media-type")
      }))

    it.effect("may name their charset, in any case", () =>
      Effect.gen(function*() {
        for (
          const type of [
            "application/json;charset=utf-8",
            "Application/JSON; Charset=\"UTF-8\"",
            "application/json ; charset=UTF-8"
          ]
        ) {
          assertStatus(yield* postBody(draftOf(0), { "content-type": type }), 201)
        }
        assertStatus(yield* postBody(draftOf(0), { "content-encoding": "identity" }), 201)
      }))

    it.effect("over 64 KiB are refused, announced or not: 413", () =>
      Effect.gen(function*() {
        assertStatus(yield* postBody(draftOf(limit)), 201)
        assertStatus(yield* postBody(pieces(draftOf(limit), 1000)), 201)
        assertProblem(yield* postBody(draftOf(limit + 1)), 413, "content-too-large")
        assertProblem(yield* postBody(pieces(draftOf(limit + 1), 1000)), 413, "content-too-large")
        assertProblem(yield* postBody(pieces(draftOf(1024 * 1024), 10_000)), 413, "content-too-large")
      }))

    it.effect("over 64 KiB are refused also where none is needed", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const removal = { method: "DELETE", path: `/comments/${id}`, by: authorId }
        assertProblem(yield* command({ ...removal, body: draftOf(limit + 1) }), 413, "content-too-large")
        assertProblem(yield* command({ ...removal, body: pieces(draftOf(limit + 1), 1000) }), 413, "content-too-large")
        assertStatus(yield* command({ ...removal, body: pieces(draftOf(limit), 1000) }), 204)
      }))

    it.effect("that aren't JSON are refused: 400", () =>
      Effect.gen(function*() {
        const wrong = [
          "",
          " ",
          "{",
          "}",
          "{\"text\":\"a\"",
          "{\"text\":\"a\",}",
          "{'text':'a'}",
          "{text:\"a\"}",
          "{\"text\":\"a\"}}",
          "{\"text\":\"a\"} x",
          "{\"text\":\"a\nb\"}",
          "{\"text\":\"\\x\"}",
          "undefined",
          "NaN",
          "/**/{\"text\":\"a\"}"
        ]
        const replies = yield* Effect.forEach(wrong, (body) => postBody(body), { concurrency: 8 })
        for (const reply of replies) assertProblem(reply, 400, "malformed-request")
      }))

    it.effect("that aren't UTF-8 are refused: 400", () =>
      Effect.gen(function*() {
        const invalid = [[0xff], [0xc3, 0x28], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [
          0xc0,
          0xaf
        ]]
        yield* Effect.forEach(invalid, (bytes) =>
          Effect.gen(function*() {
            const body = Buffer.concat([Buffer.from("{\"text\":\"a"), Buffer.from(bytes), Buffer.from("\"}")])
            assertProblem(yield* postBody(body), 400, "malformed-request")
          }), { concurrency: 8, discard: true })
        const utf16 = Buffer.from("{\"text\":\"a\"}", "utf16le")
        assertProblem(yield* postBody(utf16), 400, "malformed-request")
      }))

    it.effect("that are JSON but not an object break a rule: 422", () =>
      Effect.gen(function*() {
        const wrong = ["null", "true", "1", "\"text\"", "[]", "[{\"text\":\"a\"}]"]
        const replies = yield* Effect.forEach(wrong, (body) => postBody(body), { concurrency: 8 })
        for (const reply of replies) assert.lengthOf(assertProblem(reply, 422, "invalid-request").errors, 1)
      }))

    it.effect("have no property that isn't in the contract: each is refused by name", () =>
      Effect.gen(function*() {
        const body =
          "{\"text\":\"text\",\"authorId\":\"eve\",\"Text\":1,\"a/b~c\":{},\"__proto__\":{\"text\":\"x\"},\"constructor\":null}"
        const { errors } = assertProblem(yield* postBody(body), 422, "invalid-request")
        assert.sameMembers(errors.map(({ pointer }) => pointer), [
          "/authorId",
          "/Text",
          "/a~1b~0c",
          "/__proto__",
          "/constructor"
        ])
        const inherited = assertProblem(yield* postBody("{\"__proto__\":{\"text\":\"x\"}}"), 422, "invalid-request")
        assert.sameMembers(inherited.errors.map(({ pointer }) => pointer), ["/text", "/__proto__"])
      }))

    it.effect("are told all their faults at once", () =>
      Effect.gen(function*() {
        const body = JSON.stringify({ id: 1, text: `${"x".repeat(10_000)}\u0000`, version: 2 })
        const { errors } = assertProblem(yield* postBody(body), 422, "invalid-request")
        assert.deepStrictEqual(errors.map(({ pointer }) => pointer).toSorted(), [
          "/id",
          "/text",
          "/text",
          "/text",
          "/version"
        ])
      }))

    it.effect("may say everything that JSON can say in a string", () =>
      Effect.gen(function*() {
        const reply = assertStatus(
          yield* postBody("\t{ \"te\\u0078t\" : \"a\\u00e9\\ud83d\\ude38\\n\\t\\\"\\\\\\/b\" }\r\n"),
          201
        )
        assert.strictEqual(commentOf(reply).text, "aé😸\n\t\"\\/b")
      }))
  })
