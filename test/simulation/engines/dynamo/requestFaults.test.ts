import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { first, inWorldOf } from "./faultyWorld.ts"

const seeds = Array.from({ length: 20 }, (_, n) => `seed ${n}`)

describe("A request to the simulated DynamoDB", () => {
  it("that lands late does so after its sender gave up, and mostly after a strong read said that it isn't there", async () => {
    const lookedFor = await Promise.all(seeds.map((seed) =>
      inWorldOf(
        "late landing",
        Effect.fnUntraced(function*({ dynamo, isThere, put, world }) {
          assert.strictEqual((yield* Effect.flip(put(1))).fault, "unknown")
          world.faults.calm()
          const heard = yield* Clock.currentTimeMillis
          const wasThere = yield* isThere(1, true)
          yield* Effect.sleep("7 seconds")
          assert.isTrue(yield* isThere(1, true))
          assert.isAbove(dynamo.log[0]?.landed?.at ?? 0, heard)
          return wasThere
        }),
        seed
      )
    ))
    assert.isAtLeast(lookedFor.filter((wasThere) => !wasThere).length, seeds.length * 0.8)
  })

  it.each(seeds)("whose answer is lost is carried out all the same: %s", (seed) =>
    inWorldOf(
      "lost answer",
      Effect.fnUntraced(function*({ isThere, put, world }) {
        assert.strictEqual((yield* Effect.flip(put(1))).fault, "unknown")
        world.faults.calm()
        assert.isTrue(yield* isThere(1, true))
      }),
      seed
    ))

  it.each(["lost request", "throttled"] as const)("that suffers a %s is never carried out", (kind) =>
    inWorldOf(
      kind,
      Effect.fnUntraced(function*({ dynamo, isThere, put, world }) {
        assert.strictEqual((yield* Effect.flip(put(1))).fault, kind === "throttled" ? "throttled" : "unknown")
        world.faults.calm()
        yield* Effect.sleep("1 hour")
        assert.isFalse(yield* isThere(1, true))
        assert.lengthOf(dynamo.landed, 0)
      })
    ))

  it("that is slow takes longer than others", () =>
    inWorldOf(
      "slow request",
      Effect.fnUntraced(function*({ put, world }) {
        const start = yield* Clock.currentTimeMillis
        yield* put(1)
        const between = yield* Clock.currentTimeMillis
        assert.isAtLeast(between - start, 50)
        world.faults.calm()
        yield* put(2)
        assert.isAtMost((yield* Clock.currentTimeMillis) - between, 40)
      })
    ))

  it("misses what was written lately if it is a stale read, unless it is strongly consistent", () =>
    inWorldOf(
      "stale read",
      Effect.fnUntraced(function*({ isThere, put }) {
        const seen: Array<boolean> = []
        for (let n = 0; n < 20; n++) {
          yield* put(n)
          assert.isTrue(yield* isThere(n, true))
          seen.push(yield* isThere(n, false))
        }
        assert.include(seen, false)
        yield* Effect.sleep("3 seconds")
        for (let n = 0; n < 20; n++) assert.isTrue(yield* isThere(n, false))
      })
    ))

  it("is carried out after its sender was killed, who never hears of it", () =>
    inWorldOf(
      null,
      Effect.fnUntraced(function*({ dynamo, process, put }) {
        const sent = yield* Effect.forkChild(put(1))
        yield* Effect.yieldNow
        process.kill()
        yield* Effect.sleep("1 minute")
        assert.lengthOf(dynamo.log, 1)
        assert.isUndefined(sent.pollUnsafe())
      })
    ))

  it("overwrites what is there, if it sets no condition", () =>
    inWorldOf(
      null,
      Effect.fnUntraced(function*({ dynamo, put }) {
        yield* put(1, "one")
        yield* put(1, "two")
        assert.lengthOf(dynamo.landed, 2)
        assert.deepStrictEqual(dynamo.log.map(({ commit }) => commit.events), [first(1, "two").events])
      })
    ))

  it("goes the same way each time for a seed", async () => {
    const steps = (seed: string) =>
      inWorldOf(
        null,
        Effect.fnUntraced(function*({ put, world }) {
          for (let n = 0; n < 10; n++) yield* put(n)
          return world.journal.steps
        }),
        seed
      )
    assert.deepStrictEqual(await steps("one"), await steps("one"))
    assert.notDeepEqual(await steps("one"), await steps("two"))
  })
})
