import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { commentOf, edit, newKey, newPicture, post, posted, remove, tokenOf } from "../comments.ts"
import type { Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, newUser, somebodyElse } from "../people.ts"
import { after, get, historyAfter, pageOf, pageUrl } from "../queries.ts"

const under = (key: string) => ({ headers: { "idempotency-key": key } })

const isReplay = ({ headers }: Reply): boolean => headers["idempotency-replayed"] === "true"

/** What must be the same in the first answer and in every later one. */
const essence = ({ headers, status, text }: Reply) => ({
  status,
  text,
  etag: headers["etag"],
  location: headers["location"]
})

const assertReplay = (first: Reply, again: Reply) => {
  assert.isUndefined(first.headers["idempotency-replayed"])
  assert.deepStrictEqual(essence(again), essence(first))
  assert.isTrue(isReplay(again))
}

/** The same request twenty times at once: all are answered alike, and all but one say that they are replays. */
const atOnce = Effect.fnUntraced(function*<E, R>(request: Effect.Effect<Reply, E, R>) {
  const replies = yield* Effect.all(Array.from({ length: 20 }, () => request), { concurrency: "unbounded" })
  const first = replies.find((reply) => !isReplay(reply))
  assert(first !== undefined)
  assert.strictEqual(replies.filter(isReplay).length, 19)
  for (const reply of replies) assert.deepStrictEqual(essence(reply), essence(first))
  return first
})

export const idempotency: Part = (it) =>
  describe("An idempotency key", () => {
    it.effect("gives the same payload the same answer, however often, and one set of events", () =>
      Effect.gen(function*() {
        const [picture, ana, key] = [newPicture(), yield* anybody, newKey()]
        const created = assertStatus(yield* post(picture, ana, "caf\u00e9", under(key)), 201)
        assertReplay(created, yield* post(picture, ana, "caf\u00e9", under(key)))
        const { id } = commentOf(created)
        const changed = assertStatus(yield* edit(id, ana, "th\u00e9", under(key)), 200)
        assertReplay(changed, yield* edit(id, ana, "th\u00e9", under(key)))
        const other = newKey()
        const removed = assertStatus(yield* remove(id, ana, under(other)), 204)
        assertReplay(removed, yield* remove(id, ana, under(other)))
        const history = yield* historyAfter(id, ana, tokenOf(removed))
        assert.deepStrictEqual(history.map(({ version }) => version), [1, 2, 3])
      }))

    it.effect("takes payloads for the same whose texts are the same once normalised", () =>
      Effect.gen(function*() {
        const [picture, ana, key] = [newPicture(), yield* anybody, newKey()]
        const created = yield* post(picture, ana, "one\r\ncafe\u0301 ", under(key))
        assertReplay(created, yield* post(picture, ana, " one\ncaf\u00e9", under(key)))
        const { id } = commentOf(created)
        const changed = yield* edit(id, ana, " two\r\n", under(key))
        assertReplay(changed, yield* edit(id, ana, "two", under(key)))
      }))

    it.effect("gives the same answer to twenty at once: POST", () =>
      Effect.gen(function*() {
        const [picture, ana] = [newPicture(), yield* anybody]
        const first = assertStatus(yield* atOnce(post(picture, ana, "once", under(newKey()))), 201)
        const { count, items } = pageOf(yield* get(pageUrl(picture), after(tokenOf(first))))
        assert.deepStrictEqual([count, items.map(({ id }) => id)], [1, [commentOf(first).id]])
        assert.strictEqual((yield* historyAfter(commentOf(first).id, ana, tokenOf(first))).length, 1)
      }))

    it.effect("gives the same answer to twenty at once: PATCH, DELETE", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        assertStatus(yield* atOnce(edit(id, authorId, "once", under(newKey()))), 200)
        const first = assertStatus(yield* atOnce(remove(id, authorId, under(newKey()))), 204)
        assert.strictEqual((yield* historyAfter(id, authorId, tokenOf(first))).length, 3)
      }))

    it.effect("refuses another payload under the same key: another text, another picture, another method", () =>
      Effect.gen(function*() {
        const [picture, ana, key, other] = [newPicture(), yield* anybody, newKey(), newKey()]
        const { id } = commentOf(yield* post(picture, ana, "text", under(key)))
        const reused = "idempotency-key-reused"
        assertProblem(yield* post(picture, ana, "Text", under(key)), 422, reused)
        assertProblem(yield* post(newPicture(), ana, "text", under(key)), 422, reused)
        assertStatus(yield* edit(id, ana, "edited", under(other)), 200)
        assertProblem(yield* edit(id, ana, "edited again", under(other)), 422, reused)
        assertProblem(yield* remove(id, ana, under(other)), 422, reused)
        const removed = newKey()
        const token = tokenOf(assertStatus(yield* remove(id, ana, under(removed)), 204))
        assertProblem(yield* edit(id, ana, "edited", under(removed)), 422, reused)
        assert.strictEqual((yield* historyAfter(id, ana, token)).length, 3)
      }))

    it.effect("belongs to its author", () =>
      Effect.gen(function*() {
        const [picture, key] = [newPicture(), newKey()]
        const ones = yield* post(picture, yield* anybody, "text", under(key))
        const others = assertStatus(yield* post(picture, yield* somebodyElse, "text", under(key)), 201)
        assert.isFalse(isReplay(others))
        assert.notStrictEqual(commentOf(others).id, commentOf(ones).id)
      }))

    it.effect("belongs to its target: all of an author's POSTs, or one comment's PATCH and DELETE", () =>
      Effect.gen(function*() {
        const [picture, ana, key] = [newPicture(), yield* anybody, newKey()]
        const one = commentOf(yield* post(picture, ana, "one", under(key)))
        const other = commentOf(yield* post(picture, ana, "other"))
        for (const { id } of [one, other]) {
          assert.isFalse(isReplay(assertStatus(yield* edit(id, ana, "edited", under(key)), 200)))
        }
        assert.isTrue(isReplay(assertStatus(yield* post(picture, ana, "one", under(key)), 201)))
      }))

    it.effect("is 1 to 255 visible ASCII characters: 400", () =>
      Effect.gen(function*() {
        const ana = yield* anybody
        const visible = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join("")
        for (const key of [`${visible}${newKey()}`, newKey().padEnd(255, "k"), `"${newKey()}"`]) {
          assertStatus(yield* post(newPicture(), ana, "text", under(key)), 201)
        }
        for (const key of ["", "k".repeat(256), "a b", "a\tb", "caf\u00e9"]) {
          const { errors } = assertProblem(yield* post(newPicture(), ana, "text", under(key)), 400, "malformed-request")
          assert.deepStrictEqual(errors.map(({ pointer }) => pointer), ["idempotency-key"])
        }
        const { authorId, id } = yield* posted()
        assertProblem(yield* edit(id, authorId, "text", under("a b")), 400, "malformed-request")
        assertProblem(yield* remove(id, authorId, under("a b")), 400, "malformed-request")
      }))

    it.effect("is one character at least", () =>
      Effect.gen(function*() {
        assertStatus(yield* post(newPicture(), newUser(), "text", under("!")), 201)
      }))
  })
