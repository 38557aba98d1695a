import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertProblem } from "../assertAnswer.ts"
import { deleted, edit, newPicture, posted, remove, tokenOf } from "../comments.ts"
import { jsonOf } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { after, countUrl, get, pageOf, pageUrl } from "../queries.ts"

const countsUrl = (pictures: ReadonlyArray<string>): string =>
  `/comment-counts?${pictures.map((picture) => `pictureId=${picture}`).join("&")}`

export const counts: Part = (it) =>
  describe("Counts", () => {
    it.effect("of a picture follow its comments", () =>
      Effect.gen(function*() {
        const picture = newPicture()
        const count = (token: string) => Effect.map(get(countUrl(picture), after(token)), jsonOf)
        assert.deepStrictEqual(jsonOf(yield* get(countUrl(picture))), { pictureId: picture, count: 0 })
        const one = yield* posted({ picture })
        const two = yield* posted({ picture })
        assert.deepStrictEqual(yield* count(`${one.token},${two.token}`), { pictureId: picture, count: 2 })
        assert.deepStrictEqual(yield* count(tokenOf(yield* edit(one.id, one.authorId, "edited"))), {
          pictureId: picture,
          count: 2
        })
        const removed = tokenOf(yield* remove(one.id, one.authorId))
        assert.deepStrictEqual(yield* count(removed), { pictureId: picture, count: 1 })
        assert.deepStrictEqual(yield* count(tokenOf(yield* remove(one.id, one.authorId))), {
          pictureId: picture,
          count: 1
        })
        assert.strictEqual(pageOf(yield* get(pageUrl(picture))).count, 1)
      }))

    it.effect("of several pictures come in the order asked", () =>
      Effect.gen(function*() {
        const [one, none, two] = [newPicture(), newPicture(), newPicture()]
        const { token } = yield* posted({ picture: one })
        const others = [
          yield* posted({ picture: two }),
          yield* posted({ picture: two }),
          yield* deleted({ picture: two })
        ]
        const seen = after(token, ...others.map((comment) => comment.token))
        const expected = [{ pictureId: two, count: 2 }, { pictureId: none, count: 0 }, { pictureId: one, count: 1 }]
        assert.deepStrictEqual(jsonOf(yield* get(countsUrl([two, none, one]), seen)), { items: expected })
        assert.deepStrictEqual(jsonOf(yield* get(countsUrl([one, none, two]))), { items: expected.toReversed() })
      }))

    it.effect("of several pictures are of 1 to 50: 400", () =>
      Effect.gen(function*() {
        const pictures = Array.from({ length: 51 }, newPicture)
        assert.deepStrictEqual(jsonOf(yield* get(countsUrl(pictures.slice(0, 50)))), {
          items: pictures.slice(0, 50).map((pictureId) => ({ pictureId, count: 0 }))
        })
        assert.deepStrictEqual(jsonOf(yield* get(countsUrl(pictures.slice(0, 1)))), {
          items: [{ pictureId: pictures[0], count: 0 }]
        })
        for (const url of ["/comment-counts", "/comment-counts?", countsUrl([""]), countsUrl(pictures)]) {
          const { errors } = assertProblem(yield* get(url), 400, "malformed-request")
          assert.match(errors[0]?.pointer ?? "", /^pictureId/)
        }
      }))

    it.effect("of several pictures take no parameter that isn't in the contract, and name each: 400", () =>
      Effect.gen(function*() {
        const { errors } = assertProblem(
          yield* get(`${countsUrl([newPicture()])}&since=1&x=`),
          400,
          "malformed-request"
        )
        assert.sameMembers(errors.map(({ pointer }) => pointer), ["since", "x"])
      }))
  })
