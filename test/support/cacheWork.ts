import { assert } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { randomUUID } from "node:crypto"
import { PictureId } from "../../src/domain/ids.ts"
import { RateLimits } from "../../src/platform/RateLimits.ts"
import * as RedisRateLimits from "../../src/platform/RedisRateLimits.ts"
import { EntryKey, maxEntriesPerPicture, QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisQueryCache from "../../src/queries/RedisQueryCache.ts"
import { SharedAnswers } from "../../src/queries/SharedAnswers.ts"

/** Pictures in so many slots that each node of a cluster has some. */
export const pictures = Array.from({ length: 20 }, (_, n) => PictureId.make(`picture-${n}`))

const picture = PictureId.make("sunset-42")
const answer = { body: new TextEncoder().encode("{}"), etag: "\"1\"", nextCursor: null }

const once = { burst: 1, window: Duration.hours(1) }

/** Spends what limits allow, and is told so. It needs a client of Redis, of somebody who may. */
export const limiting = Effect.gen(function*() {
  const { charge, spend } = yield* RateLimits
  const who = randomUUID()
  for (const policy of ["commands", "queries"] as const) {
    assert.strictEqual((yield* spend(policy, who))._tag, "Granted")
    assert.strictEqual((yield* spend(policy, who))._tag, "Refused")
    assert.strictEqual((yield* charge(policy, who, 2))._tag, "Granted")
  }
}).pipe(Effect.provide(RedisRateLimits.layer({ commands: once, queries: once }, { timeLimit: 10_000 })))

/** Looks pages up and puts them, more than there is room for. It needs a client of Redis, of somebody who may. */
export const caching = Effect.gen(function*() {
  const cache = yield* QueryCache
  const { find } = yield* SharedAnswers
  for (let entry = 0; entry <= maxEntriesPerPicture; entry++) {
    const key = EntryKey.make(`page-${entry}`)
    const { generation } = yield* cache.read(picture, key)
    assert.isTrue(yield* cache.put(picture, generation, key, answer))
    assert.strictEqual((yield* cache.read(picture, key))._tag, "Hit")
    assert.isDefined(yield* Effect.promise(() => find(picture, key)))
  }
}).pipe(Effect.provide(RedisQueryCache.layer({ timeLimit: 10_000 })))

/** Forgets pages. A client that has just begun to connect fails fast. */
export const forgetting = QueryCache.use((cache) => Effect.eventually(cache.invalidate(pictures))).pipe(
  Effect.provide(RedisQueryCache.layer({ invalidationTimeLimit: 10_000 }))
)
