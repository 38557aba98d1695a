import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { commentOf, edit, newPicture, post, posted, remove, tokenOf } from "../comments.ts"
import type { Part } from "../Part.ts"
import { anybody } from "../people.ts"
import { historyAfter } from "../queries.ts"

const ifMatch = (value: string) => ({ headers: { "if-match": value } })

export const conditions: Part = (it) =>
  describe("Conditions of commands", () => {
    it.effect("let a command through if the comment is at the version", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        assertStatus(yield* edit(id, authorId, "two", ifMatch("\"1\"")), 200)
        assertStatus(yield* edit(id, authorId, "three", ifMatch(" \"2\" ")), 200)
        assertStatus(yield* remove(id, authorId, ifMatch("\"3\"")), 204)
      }))

    it.effect("refuse it with 412 if the comment is at another version, and nothing is appended", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const second = assertStatus(yield* edit(id, authorId, "two"), 200)
        for (const other of ["\"1\"", "\"3\"", "\"\"", "\"02\"", "\"two\"", "\"99999999999999999999\""]) {
          assertProblem(yield* edit(id, authorId, "three", ifMatch(other)), 412, "version-mismatch")
          assertProblem(yield* remove(id, authorId, ifMatch(other)), 412, "version-mismatch")
        }
        assert.strictEqual((yield* historyAfter(id, authorId, tokenOf(second))).length, 2)
      }))

    it.effect("are met by * wherever there is a comment", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        assertStatus(yield* edit(id, authorId, "two", ifMatch("*")), 200)
        assertStatus(yield* remove(id, authorId, ifMatch("*")), 204)
      }))

    it.effect("are met by any of a list", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        assertStatus(yield* edit(id, authorId, "two", ifMatch("\"7\", \"1\"")), 200)
        assertStatus(yield* edit(id, authorId, "three", ifMatch("\"2\",W/\"9\",\"x,y\"")), 200)
        assertStatus(yield* edit(id, authorId, "four", ifMatch(", \"3\",,")), 200)
        assertProblem(yield* edit(id, authorId, "five", ifMatch("\"1\", \"2\", \"3\"")), 412, "version-mismatch")
      }))

    it.effect("are never met by a weak tag", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        assertProblem(yield* edit(id, authorId, "two", ifMatch("W/\"1\"")), 412, "version-mismatch")
        assertProblem(yield* remove(id, authorId, ifMatch("W/\"1\"")), 412, "version-mismatch")
        assertStatus(yield* edit(id, authorId, "two", ifMatch("W/\"1\", \"1\"")), 200)
      }))

    it.effect("are 400 if malformed", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        for (
          const wrong of [
            "1",
            "\"1",
            "1\"",
            "'1'",
            "\"1\" \"2\"",
            "w/\"1\"",
            "W/1",
            "*, \"1\"",
            "\"1\", *",
            "**",
            "\"1\"; x",
            "\"1\"\"2\""
          ]
        ) {
          const { errors } = assertProblem(yield* edit(id, authorId, "two", ifMatch(wrong)), 400, "malformed-request")
          assert.deepStrictEqual(errors.map(({ pointer }) => pointer), ["if-match"])
          assertProblem(yield* remove(id, authorId, ifMatch(wrong)), 400, "malformed-request")
          assertProblem(yield* post(newPicture(), authorId, "text", ifMatch(wrong)), 400, "malformed-request")
        }
      }))

    it.effect("can't be met by what doesn't exist yet", () =>
      Effect.gen(function*() {
        for (const any of ["*", "\"1\"", "\"0\""]) {
          assertProblem(yield* post(newPicture(), yield* anybody, "text", ifMatch(any)), 412, "version-mismatch")
        }
      }))

    it.effect("let one of many through that come at once", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const texts = Array.from({ length: 12 }, (_, index) => `edit ${index}`)
        const replies = yield* Effect.forEach(texts, (text) => edit(id, authorId, text, ifMatch("\"1\"")), {
          concurrency: "unbounded"
        })
        const accepted = replies.filter(({ status }) => status === 200)
        assert.deepStrictEqual(accepted.map(commentOf).map(({ version }) => version), [2])
        for (const reply of replies) if (reply.status !== 200) assertProblem(reply, 412, "version-mismatch")
        assert.strictEqual((yield* historyAfter(id, authorId, accepted.map(tokenOf).join())).length, 2)
      }))
  })
