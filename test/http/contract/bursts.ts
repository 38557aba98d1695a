import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { assertStatus } from "../assertAnswer.ts"
import { newPicture, post } from "../comments.ts"
import type { Reply } from "../exchange.ts"
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
        const comment = (index: number) =>
          Effect.map(post(picture, user, `comment ${index}`), (reply) => assertStatus(reply, 201))
        const replies = yield* Effect.forEach(Array.from({ length: 100 }, (_, index) => index), comment, {
          concurrency: 20
        })
        for (const quota of replies.map(quotaIn)) {
          // On a busy machine nobody may have been able to count it in time.
          if (quota === undefined) continue
          assert.deepInclude({ ...quota }, { policy: "commands", q: 10_000, w: 3600 })
          assert.isTrue(quota.r >= 9900 && quota.r <= 9999)
        }
        const counted = <E, R>(ask: Effect.Effect<Reply, E, R>) =>
          Effect.repeat(Effect.map(ask, quotaIn), { until: (quota) => quota !== undefined })
        assert.isBelow((yield* counted(comment(100)))?.r ?? 10_000, 9999)
        const quota = yield* counted(get(pageUrl(picture, "?order=oldest&limit=7")))
        assert.deepInclude({ ...quota }, { policy: "queries", q: 60_000, w: 600 })
      }))
  })
