import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem } from "../assertAnswer.ts"
import { newPicture, posted, remove, tokenOf } from "../comments.ts"
import { jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { newUser } from "../people.ts"
import { after, get, pageOf, userUrl, walk } from "../queries.ts"

export const users: Part = (it) =>
  describe("A user's pages", () => {
    it.effect("are what somebody wrote, on whichever picture, like a picture's pages", () =>
      Effect.gen(function*() {
        const by = newUser()
        const comments = yield* Effect.forEach(Array.from({ length: 5 }), () => posted({ by }))
        yield* posted({ picture: comments[0]?.pictureId ?? newPicture() })
        const seen = after(...comments.map(({ token }) => token))
        const all = pageOf(yield* get(userUrl(by), seen))
        assert.deepStrictEqual([all.count, all.nextCursor], [5, null])
        assert.deepStrictEqual(all.items.map(({ id }) => id), comments.map(({ id }) => id).toReversed())
        const walked = (yield* walk(userUrl(by), "&order=oldest", 2)).flat()
        assert.deepStrictEqual(walked.map(({ id }) => id), comments.map(({ id }) => id))
      }))

    it.effect("don't have what was deleted", () =>
      Effect.gen(function*() {
        const by = newUser()
        const [gone, stays] = [yield* posted({ by }), yield* posted({ by })]
        const removed = tokenOf(yield* remove(gone.id, by))
        const { count, items } = pageOf(yield* get(userUrl(by), after(stays.token, removed)))
        assert.deepStrictEqual([count, items.map(({ id }) => id)], [1, [stays.id]])
      }))

    it.effect("are empty for somebody who has written nothing", () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(jsonOf(yield* get(userUrl(newUser()))), { items: [], nextCursor: null, count: 0 })
      }))

    it.effect("are of nobody whose name can't be an author's: 400", () =>
      Effect.gen(function*() {
        for (const name of ["x".repeat(256), "a\u0000b", "a\nb", "\u007f"]) {
          const { errors } = assertProblem(yield* get(userUrl(name)), 400, "malformed-request")
          assert.deepStrictEqual(errors.map(({ pointer }) => pointer), ["userId"])
        }
        assertProblem(yield* get("/users/%ed%a0%80/comments"), 400, "malformed-request")
      }))
  })
