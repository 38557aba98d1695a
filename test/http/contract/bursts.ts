import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertStatus } from "../assertAnswer.ts"
import { newPicture, post } from "../comments.ts"
import { quotaIn } from "../limits.ts"
import type { Part } from "../Part.ts"
import { newUser } from "../people.ts"
import { get, pageUrl } from "../queries.ts"

/** Where the limits are those that hold unless something else is said. */
export const bursts: Part = (it) =>
  describe("The limits that hold by default", () => {
    it.effect("let a person post 100 comments in a burst, and say what is left", () =>
      Effect.gen(function*() {
        const [picture, user] = [newPicture(), newUser()]
        const posts = Array.from({ length: 100 }, (_, index) => post(picture, user, `comment ${index}`))
        const replies = yield* Effect.all(posts, { concurrency: 20 })
        const left = replies.map((reply) => {
          const quota = quotaIn(assertStatus(reply, 201))
          assert.deepInclude({ ...quota }, { policy: "commands", q: 10_000, w: 3600 })
          return quota?.r ?? 0
        })
        // Some have come back meanwhile.
        assert.isTrue(Math.min(...left) >= 9900 && Math.min(...left) < 9999 && Math.max(...left) <= 9999)
        const quota = quotaIn(yield* get(pageUrl(picture, "?order=oldest&limit=7")))
        assert.deepInclude({ ...quota }, { policy: "queries", q: 60_000, w: 600 })
      }))
  })
