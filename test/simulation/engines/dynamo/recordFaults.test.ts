import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { stream } from "../../../support/encodedCommits.ts"
import type { FaultKind } from "../../kernel/Faults.ts"
import { inWorldOf } from "./faultyWorld.ts"

const written = Array.from({ length: 10 }, (_, n) => JSON.stringify(stream(n)))

/** What a stream has of ten streams' commits, soon after they were written and long after. */
const deliveredUnder = (kind: FaultKind | null) =>
  inWorldOf(
    kind,
    Effect.fnUntraced(function*({ delivered, put }) {
      for (let n = 0; n < written.length; n++) yield* put(n)
      yield* Effect.sleep(500)
      const soon = yield* delivered
      yield* Effect.sleep("2 minutes")
      return { soon, late: yield* delivered }
    })
  )

describe("The simulated stream of a table", () => {
  it("has a record for each change, soon", async () => {
    const { late, soon } = await deliveredUnder(null)
    assert.sameMembers([...soon], written)
    assert.deepStrictEqual(late, soon)
  })

  it("has no record that is lost", async () => {
    assert.deepStrictEqual(await deliveredUnder("lost record"), { soon: [], late: [] })
  })

  it("has a record that is delayed after a while", async () => {
    const { late, soon } = await deliveredUnder("delayed record")
    assert.isBelow(soon.length, written.length)
    assert.sameMembers([...late], written)
  })

  it("gives a record again that is duplicated, but leaves none out", async () => {
    const { late } = await deliveredUnder("duplicated record")
    assert.isAbove(late.length, new Set(late).size)
  })

  it("may have records swapped", async () => {
    const { late } = await deliveredUnder("swapped records")
    assert.sameMembers([...late], written)
    assert.notDeepEqual(late, written)
  })

  it("goes on in the children of shards that are split, and is empty when it is made anew", () =>
    inWorldOf(
      null,
      Effect.fnUntraced(function*({ delivered, dynamo, put }) {
        for (let n = 0; n < 5; n++) yield* put(n)
        dynamo.streams.events.split(yield* Clock.currentTimeMillis)
        for (let n = 5; n < 10; n++) yield* put(n)
        yield* Effect.sleep(500)
        assert.sameMembers([...(yield* delivered)], written)
        dynamo.streams.events.recreate()
        assert.deepStrictEqual(yield* delivered, [])
      })
    ))

  it("forgets what is a day old, or is trimmed", () =>
    inWorldOf(
      null,
      Effect.fnUntraced(function*({ delivered, dynamo, put }) {
        yield* put(0)
        yield* Effect.sleep("25 hours")
        yield* put(1)
        yield* Effect.sleep("1 second")
        assert.deepStrictEqual(yield* delivered, [written[1]])
        dynamo.streams.events.shards.trim(yield* Clock.currentTimeMillis)
        assert.deepStrictEqual(yield* delivered, [])
      })
    ))
})
