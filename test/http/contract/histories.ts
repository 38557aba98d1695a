import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, commentOf, edit, moderate, posted, remove, tokenOf, unknownId } from "../comments.ts"
import type { Part } from "../Part.ts"
import { anybody, moderator, somebodyElse } from "../people.ts"
import { after, get, historyOf, historyUrl } from "../queries.ts"

export const histories: Part = (it) =>
  describe("Histories", () => {
    it.effect("have what happened, oldest first, with the text where there was one; deleted ones too", () =>
      Effect.gen(function*() {
        const first = yield* posted({ text: "one" })
        const { authorId, id } = first
        const second = commentOf(yield* edit(id, authorId, "two"))
        const token = tokenOf(yield* remove(id, authorId))
        const [one, two, three, ...rest] =
          historyOf(yield* get(historyUrl(id), { ...(yield* bearer(authorId)), ...after(token) })).items
        assert.deepStrictEqual(one, { version: 1, type: "CommentPosted", at: first.createdAt, text: "one" })
        assert.deepStrictEqual(two, { version: 2, type: "CommentEdited", at: second.editedAt ?? "", text: "two" })
        assert.deepStrictEqual(three, { version: 3, type: "CommentDeleted", at: three?.at ?? "" })
        assert.isTrue((three?.at ?? "") >= (two?.at ?? ""))
        assert.deepStrictEqual(rest, [])
      }))

    it.effect("are for the author and moderators: 401 without a token, 403 for others", () =>
      Effect.gen(function*() {
        const { authorId, id, token } = yield* posted()
        const seen = after(token)
        const other = yield* bearer(yield* somebodyElse)
        assertStatus(yield* get(historyUrl(id), { ...(yield* bearer(authorId)), ...seen }), 200)
        assertProblem(yield* get(historyUrl(id), { ...other, ...seen }), 403, "not-the-author")
        for (const headers of [{}, { authorization: "Bearer x" }]) {
          const reply = yield* get(historyUrl(id), headers)
          assertProblem(reply, 401, "unauthorized")
          assert.match(reply.headers["www-authenticate"] ?? "", /^Bearer\b/)
        }
      }))

    it.effect("are for moderators", () =>
      Effect.gen(function*() {
        const { id, token } = yield* posted()
        const headers = { ...(yield* bearer(yield* moderator, moderate)), ...after(token) }
        assert.lengthOf(historyOf(yield* get(historyUrl(id), headers)).items, 1)
      }))

    it.effect("need no scope of the author", () =>
      Effect.gen(function*() {
        const { authorId, id, token } = yield* posted()
        const headers = { ...(yield* bearer(authorId, "")), ...after(token) }
        assert.lengthOf(historyOf(yield* get(historyUrl(id), headers)).items, 1)
      }))

    it.effect("of deleted comments are for the same", () =>
      Effect.gen(function*() {
        const { authorId, id } = yield* posted()
        const seen = after(tokenOf(yield* remove(id, authorId)))
        assertProblem(
          yield* get(historyUrl(id), { ...(yield* bearer(yield* somebodyElse)), ...seen }),
          403,
          "not-the-author"
        )
        assertStatus(yield* get(historyUrl(id), { ...(yield* bearer(yield* moderator, moderate)), ...seen }), 200)
      }))

    it.effect("of what never was: 404, but 401 first", () =>
      Effect.gen(function*() {
        assertProblem(yield* get(historyUrl(unknownId()), yield* bearer(yield* anybody)), 404, "comment-not-found")
        assertProblem(yield* get(historyUrl(unknownId())), 401, "unauthorized")
        assertProblem(yield* get(historyUrl("x")), 401, "unauthorized")
      }))
  })
