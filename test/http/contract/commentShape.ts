import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, commentOf, edit, newPicture, post, posted, remove, tokenOf, unknownId } from "../comments.ts"
import { jsonOf, propertiesOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, newUser, onCommonGround } from "../people.ts"
import { after, commentUrl, get, historyUrl, pageOf, pageUrl, userUrl } from "../queries.ts"

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A comment can be posted on this picture, and is on its page. */
const takes = Effect.fnUntraced(function*(picture: string, author: string) {
  const reply = assertStatus(yield* post(picture, author, "text"), 201)
  assert.strictEqual(commentOf(reply).pictureId, picture)
  const page = pageOf(yield* get(pageUrl(picture, "?limit=100"), after(tokenOf(reply))))
  assert.include(page.items.map(({ id }) => id), commentOf(reply).id)
})

export const commentShape: Part = (it) =>
  describe("A comment", () => {
    it.effect("has these properties, in this order, and no others", () =>
      Effect.gen(function*() {
        const [picture, ana] = [newPicture(), yield* anybody]
        const reply = yield* post(picture, ana, "What a light!")
        assert.deepStrictEqual(propertiesOf(reply), [
          "id",
          "pictureId",
          "authorId",
          "text",
          "version",
          "createdAt",
          "editedAt"
        ])
        const { createdAt, id, ...rest } = commentOf(reply)
        assert.match(id, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
        assert.match(createdAt, instant)
        assert.deepStrictEqual(rest, {
          pictureId: picture,
          authorId: ana,
          text: "What a light!",
          version: 1,
          editedAt: null
        })
      }))

    it.effect("is the same from a command and from every query", () =>
      Effect.gen(function*() {
        const { authorId, id, pictureId } = yield* posted()
        const reply = assertStatus(yield* edit(id, authorId, "What a light it was!"), 200)
        const seen = after(tokenOf(reply))
        assert.deepStrictEqual(jsonOf(yield* get(commentUrl(id), seen)), jsonOf(reply))
        assert.deepStrictEqual(pageOf(yield* get(pageUrl(pictureId), seen)).items, [commentOf(reply)])
        const own = pageOf(yield* get(userUrl(authorId), seen)).items.filter((comment) => comment.id === id)
        assert.deepStrictEqual(own, [commentOf(reply)])
      }))

    it.effect("has the version of its last event, and the time of its last edit", () =>
      Effect.gen(function*() {
        const first = yield* posted()
        const second = commentOf(yield* edit(first.id, first.authorId, "two"))
        const third = commentOf(yield* edit(first.id, first.authorId, "three"))
        assert.deepStrictEqual([first.version, second.version, third.version], [1, 2, 3])
        assert.deepStrictEqual([second.createdAt, third.createdAt], [first.createdAt, first.createdAt])
        assert.match(third.editedAt ?? "", instant)
        assert.isTrue((second.editedAt ?? "") >= first.createdAt && (third.editedAt ?? "") >= (second.editedAt ?? ""))
      }))

    it.effect("is JSON in UTF-8", () =>
      Effect.gen(function*() {
        const reply = yield* post(newPicture(), yield* anybody, "夕焼け 😸")
        assert.match(reply.headers["content-type"] ?? "", /^application\/json(?:; ?charset=utf-8)?$/i)
        assert.include(reply.text, "夕焼け 😸")
        assert.strictEqual(Number(reply.headers["content-length"]), Buffer.byteLength(reply.text))
      }))

    it.effect("has an id that may be written in upper case, and comes back in lower case", () =>
      Effect.gen(function*() {
        const { authorId, id, token } = yield* posted()
        const upper = id.toUpperCase()
        const author = yield* bearer(authorId)
        assert.strictEqual(commentOf(yield* get(commentUrl(upper), after(token))).id, id)
        assertStatus(yield* get(historyUrl(upper), { ...author, ...after(token) }), 200)
        assert.strictEqual(commentOf(yield* edit(upper, authorId, "edited")).id, id)
        assertStatus(yield* remove(upper, authorId), 204)
        assertProblem(yield* edit(id, authorId, "too late"), 410, "comment-deleted")
      }))

    it.effect("has an id that is any UUID", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const versions = ["1", "3", "4", "5", "6", "7", "8"].map((version) =>
          unknownId().replace(/^(.{14})./, `$1${version}`)
        )
        yield* Effect.forEach(versions, (id) =>
          Effect.gen(function*() {
            assertProblem(yield* get(commentUrl(id)), 404, "comment-not-found")
            assertProblem(yield* edit(id, ana, "text"), 404, "comment-not-found")
          }), { concurrency: 8, discard: true })
      }))

    it.effect("has no id that is anything else: 400", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const id = unknownId()
        const others = [
          "1",
          "x",
          id.slice(1),
          `${id}0`,
          id.replaceAll("-", ""),
          `{${id}}`,
          `urn:uuid:${id}`,
          `${id}%20`
        ]
        yield* Effect.forEach(others, (wrong) =>
          Effect.gen(function*() {
            assert.strictEqual(
              assertProblem(yield* get(commentUrl(wrong)), 400, "malformed-request").errors[0]?.pointer,
              "commentId"
            )
            assertProblem(yield* get(historyUrl(wrong), yield* bearer(ana)), 400, "malformed-request")
            assertProblem(yield* edit(wrong, ana, "text"), 400, "malformed-request")
            assertProblem(yield* remove(wrong, ana), 400, "malformed-request")
          }), { concurrency: 8, discard: true })
      }))

    it.effect("is on a picture with an id of 1 to 128 characters of A-Z a-z 0-9 . _ : -", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const own = newPicture()
        const ids = [
          `.${own}`,
          `${own}.`,
          `-${own}`,
          `_${own}`,
          `:${own}`,
          `A.b_C:d-9${own}`,
          own,
          own.padEnd(128, "x")
        ]
        yield* Effect.forEach(ids, (picture) => takes(picture, ana), { concurrency: 8, discard: true })
        const encoded = commentOf(yield* post(own.replaceAll("-", "%2D").replace("p", "%70"), ana, "text"))
        assert.strictEqual(encoded.pictureId, own)
      }))

    it.effect("is on a picture with an id as short as one character, or of dots that aren't . or ..", () =>
      Effect.gen(function*() {
        yield* onCommonGround
        const ana = yield* anybody
        yield* Effect.forEach(["a", "0", "...", ".a", "a.", "-", "_", ":"], (picture) => takes(picture, ana), {
          concurrency: 8,
          discard: true
        })
      }))

    it.effect("is on no picture with another id, nor on . or ..: 400", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const wrong = [
          "x".repeat(129),
          "%2e",
          "%2e%2e",
          ".",
          "..",
          "a%20b",
          "a+b",
          "a~",
          "%C3%A9",
          "a%2Fb",
          "a%00",
          "a@b",
          "a%5Cb",
          "a%0A",
          "a;b"
        ]
        yield* Effect.forEach(wrong, (picture) =>
          Effect.gen(function*() {
            assert.strictEqual(
              assertProblem(yield* get(pageUrl(picture)), 400, "malformed-request").errors[0]?.pointer,
              "pictureId"
            )
            assertProblem(yield* get(`/comment-counts?pictureId=${picture}`), 400, "malformed-request")
            assertProblem(yield* post(picture, ana, "text"), 400, "malformed-request")
          }), { concurrency: 8, discard: true })
      }))

    it.effect("is by an author with any name of up to 255 characters", () =>
      Effect.gen(function*() {
        const unique = newUser()
        const names = [
          `${unique} Añá`,
          `auth0|${unique}`,
          `${unique}/..%2F?#&;=+`,
          `${unique} 😸`,
          unique.padEnd(255, "界")
        ]
        yield* Effect.forEach(names, (name) =>
          Effect.gen(function*() {
            const { id, token } = yield* posted({ by: name })
            const [own] = pageOf(yield* get(userUrl(name), after(token))).items
            assert.deepStrictEqual([own?.id, own?.authorId], [id, name])
          }), { concurrency: 8, discard: true })
      }))
  })
