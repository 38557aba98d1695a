import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Random } from "effect"
import { SecureRandom } from "effect/crypto"
import { Chance } from "./Chance.ts"
import { seededRandom } from "./seededRandom.ts"
import { runSimulated } from "./simulatedTime.ts"
import { makeSkewedClock } from "./SkewedClock.ts"

const draws = Effect.gen(function*() {
  const secure = yield* SecureRandom.SecureRandom
  return [
    yield* Random.next,
    yield* Random.nextInt,
    Array.from(yield* secure.randomBytes(8)),
    yield* secure.uuidV4(),
    yield* secure.uuidV7()
  ]
})

const drawn = (seed: string) => runSimulated(Effect.provide(draws, seededRandom(new Chance(seed))))

describe("Seeded randomness", () => {
  it("is the same for a seed, and another for another", async () => {
    assert.deepStrictEqual(await drawn("a"), await drawn("a"))
    assert.notDeepEqual(await drawn("a"), await drawn("b"))
  })

  it("makes UUIDs by the clock of their process", async () => {
    const exit = await runSimulated(Effect.gen(function*() {
      const clock = yield* makeSkewedClock
      clock.skew = 12_345
      const uuid = yield* SecureRandom.SecureRandom.use((secure) => secure.uuidV7()).pipe(
        Effect.provide([seededRandom(new Chance("a")), clock.layer])
      )
      return Number.parseInt(uuid.replace("-", "").slice(0, 12), 16) - (yield* Clock.currentTimeMillis)
    }))
    assert.deepStrictEqual(exit, Exit.succeed(12_345))
  })
})
