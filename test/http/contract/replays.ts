import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { commentOf, edit, moderate, newKey, newPicture, post, posted, remove, tokenOf, write } from "../comments.ts"
import { jsonOf, type Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, moderator } from "../people.ts"
import { after, commentUrl, get } from "../queries.ts"

const under = (key: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { "idempotency-key": key, ...more }
})

const assertReplayed = (reply: Reply, status: number): Reply => {
  assertStatus(reply, status)
  assert.strictEqual(reply.headers["idempotency-replayed"], "true")
  return reply
}

const assertDecided = (reply: Reply, status: number): Reply => {
  assertStatus(reply, status)
  assert.isUndefined(reply.headers["idempotency-replayed"])
  return reply
}

export const replays: Part = (it) =>
  describe("Replayed answers", () => {
    it.effect("have the body as it was at that version, whatever came later", () =>
      Effect.gen(function*() {
        const [picture, ana, first, second] = [newPicture(), yield* anybody, newKey(), newKey()]
        const created = yield* post(picture, ana, "one", under(first))
        const { id } = commentOf(created)
        const changed = yield* edit(id, ana, "two", under(second))
        assertStatus(yield* edit(id, ana, "three"), 200)
        const answers = Effect.gen(function*() {
          assert.deepStrictEqual(
            jsonOf(assertReplayed(yield* post(picture, ana, "one", under(first)), 201)),
            jsonOf(created)
          )
          const again = assertReplayed(yield* edit(id, ana, "two", under(second)), 200)
          assert.deepStrictEqual([jsonOf(again), again.headers["etag"]], [jsonOf(changed), "\"2\""])
        })
        yield* answers
        assertStatus(yield* remove(id, ana), 204)
        yield* answers
      }))

    it.effect("carry the version that they were answered from", () =>
      Effect.gen(function*() {
        const [picture, ana, key] = [newPicture(), yield* anybody, newKey()]
        const { id } = commentOf(yield* post(picture, ana, "one", under(key)))
        assertStatus(yield* edit(id, ana, "two"), 200)
        const again = assertReplayed(yield* post(picture, ana, "one", under(key)), 201)
        assert.strictEqual(commentOf(yield* get(commentUrl(id), after(tokenOf(again)))).version, 2)
      }))

    it.effect("of a POST are recognised for ever", () =>
      Effect.gen(function*() {
        const [picture, ana, key] = [newPicture(), yield* anybody, newKey()]
        const { id } = commentOf(yield* post(picture, ana, "text", under(key)))
        for (let n = 0; n < 20; n++) assertStatus(yield* edit(id, ana, `edit ${n}`), 200)
        assertReplayed(yield* post(picture, ana, "text", under(key)), 201)
      }))

    it.effect("of a PATCH are recognised while it is among the comment's last 16 accepted commands", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const key = newKey()
        assertDecided(yield* edit(id, authorId, "text", under(key)), 200)
        for (let n = 1; n < 16; n++) assertStatus(yield* edit(id, authorId, `edit ${n}`), 200)
        assert.strictEqual(commentOf(assertReplayed(yield* edit(id, authorId, "text", under(key)), 200)).version, 2)
        assertStatus(yield* edit(id, authorId, "edit 16"), 200)
        assert.strictEqual(commentOf(assertDecided(yield* edit(id, authorId, "text", under(key)), 200)).version, 19)
      }))

    it.effect("don't exist of refused commands: these are decided again", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const key = newKey()
        assertProblem(yield* edit(id, authorId, "two", under(key, { "if-match": "\"9\"" })), 412, "version-mismatch")
        assertProblem(yield* edit(id, authorId, "", under(key)), 422, "invalid-request")
        assertDecided(yield* edit(id, authorId, "two", under(key)), 200)
        const other = newKey()
        assertProblem(yield* post(newPicture(), authorId, "", under(other)), 422, "invalid-request")
        assertDecided(yield* post(newPicture(), authorId, "text", under(other)), 201)
      }))

    it.effect("don't exist of no-ops: these are decided again", () =>
      Effect.gen(function*() {
        const { authorId, id, text } = yield* posted()
        const key = newKey()
        for (let n = 0; n < 2; n++) assertDecided(yield* edit(id, authorId, text, under(key)), 200)
        assertStatus(yield* edit(id, authorId, "two"), 200)
        assert.strictEqual(commentOf(assertDecided(yield* edit(id, authorId, text, under(key)), 200)).version, 3)
        assertStatus(yield* remove(id, authorId), 204)
        for (let n = 0; n < 2; n++) assertDecided(yield* remove(id, authorId, under(newKey())), 204)
      }))

    it.effect("are recognised before 410", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const key = newKey()
        assertStatus(yield* edit(id, authorId, "two", under(key)), 200)
        assertStatus(yield* remove(id, authorId), 204)
        assertReplayed(yield* edit(id, authorId, "two", under(key)), 200)
        assertProblem(yield* edit(id, authorId, "other", under(key)), 422, "idempotency-key-reused")
      }))

    it.effect("are recognised before ownership", () =>
      Effect.gen(function*() {
        const { id } = yield* posted()
        const [mo, key] = [yield* moderator, newKey()]
        assertDecided(yield* remove(id, mo, { ...under(key), scope: `${write} ${moderate}` }), 204)
        assertReplayed(yield* remove(id, mo, { ...under(key), scope: write }), 204)
      }))

    it.effect("are recognised before If-Match", () =>
      Effect.gen(function*() {
        const [picture, ana, first, second] = [newPicture(), yield* anybody, newKey(), newKey()]
        const { id } = commentOf(yield* post(picture, ana, "one", under(first)))
        assertDecided(yield* edit(id, ana, "two", under(second, { "if-match": "\"1\"" })), 200)
        assertReplayed(yield* edit(id, ana, "two", under(second, { "if-match": "\"1\"" })), 200)
        assertReplayed(yield* post(picture, ana, "one", under(first, { "if-match": "\"1\"" })), 201)
      }))
  })
