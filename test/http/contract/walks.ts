import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { assertStatus } from "../assertAnswer.ts"
import type { Posted } from "../comments.ts"
import { newPicture, posted, remove } from "../comments.ts"
import type { Part } from "../Part.ts"
import { anybody, newUser } from "../people.ts"
import { after, get, pageUrl, userUrl, walk } from "../queries.ts"

/** Deletes what is doomed, one after the other, and posts and deletes others between. */
const churn = Effect.fnUntraced(function*(by: string, picture: string, doomed: ReadonlyArray<Posted>) {
  for (const { authorId, id } of doomed) {
    const [passing] = yield* Effect.all([posted({ by, picture }), posted({ by, picture })], { concurrency: 2 })
    const removing = [remove(id, authorId), remove(passing.id, by)]
    for (const reply of yield* Effect.all(removing, { concurrency: 2 })) assertStatus(reply, 204)
  }
})

export const walks: Part = (it) =>
  describe("Walks through pages", () => {
    const showEachOnce = Effect.fnUntraced(function*(order: string, by: string, list: (picture: string) => string) {
      const picture = newPicture()
      const comments = yield* Effect.forEach(Array.from({ length: 32 }), () => posted({ by, picture }), {
        concurrency: 8
      })
      for (const n of [0, 16]) {
        assertStatus(
          yield* get(pageUrl(picture), after(...comments.slice(n, n + 16).map(({ token }) => token))),
          200
        )
      }
      const doomed = comments.filter((_, index) => index % 3 === 0)
      const stable = comments.filter((comment) => !doomed.includes(comment)).map(({ id }) => id)
      const others = yield* Effect.forkChild(churn(by, picture, doomed))
      while (others.pollUnsafe() === undefined) {
        const shown = (yield* walk(list(picture), `&order=${order}`, 4)).flat().map(({ id }) => id)
        assert.strictEqual(new Set(shown).size, shown.length, "none is shown twice")
        assert.includeMembers(shown, stable)
      }
      yield* Fiber.join(others)
    })

    for (const order of ["newest", "oldest"]) {
      it.effect(`of a picture show every comment exactly once that can be seen all the while: ${order} first`, () =>
        Effect.flatMap(anybody, (by) => showEachOnce(order, by, pageUrl)))

      it.effect(`of a user show every comment exactly once that can be seen all the while: ${order} first`, () =>
        Effect.suspend(() => {
          const by = newUser()
          return showEachOnce(order, by, () => userUrl(by))
        }))
    }
  })
