import { assert } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { HealingLimits } from "../../src/projections/healing.ts"
import { commit, edited, history, posted, stream } from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import type { It } from "./projectionSteps.ts"

const reads = Effect.flatMap(RawLog, ({ reads }) => Ref.get(reads))
const edits = (count: number) => Array.from({ length: count }, (_, n) => [edited(`edit ${n}`)] as const)

/** How a projector fills gaps from the event store. */
export const healing = (it: It): void => {
  it.effect("goes piece by piece through a large one", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(stream(1), [posted("one")], ...edits(24))
      yield* RawLog.write(log)
      const last = log.slice(-1)
      const projected = yield* project(last).pipe(Effect.provideService(HealingLimits, { commits: 10, streams: 8 }))
      assert.deepInclude(projected, { applied: 25, healed: 1, parked: [] })
      assert.deepStrictEqual((yield* reads).map(({ found, from }) => [from, found]), [[1, 10], [11, 10], [21, 5]])
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
    }))

  it.effect("reads no more than is missing up to what was delivered", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(stream(1), [posted("one")], ...edits(20))
      yield* RawLog.write(log)
      yield* project(log.slice(10)).pipe(Effect.provideService(HealingLimits, { commits: 10, streams: 8 }))
      assert.deepStrictEqual((yield* reads).map(({ found, from }) => [from, found]), [[1, 10]])
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
    }))

  it.effect("of many streams goes by a few at once", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const gapped = Array.from(
        { length: 7 },
        (_, n) => history(stream(n), [posted(`comment ${n}`)], [edited("later")])
      )
      const whole = history(stream(9), [posted("whole")])
      yield* RawLog.write([...gapped.flat(), ...whole])
      const projected = yield* project([...gapped.flatMap((commits) => commits.slice(1)), ...whole]).pipe(
        Effect.provideService(HealingLimits, { commits: 10, streams: 3 })
      )
      assert.deepInclude(projected, { applied: 15, healed: 7 })
      assert.lengthOf(yield* reads, 7)
      assert.deepStrictEqual(yield* readModel, foldReadModel([...gapped.flat(), ...whole]))
    }))

  it.effect("also fills several holes in one batch, and those of commits with several events", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(
        stream(1),
        [posted("one"), edited("two")],
        [edited("three"), edited("four"), edited("five")],
        [edited("six")],
        [edited("seven"), edited("eight")],
        [edited("nine")]
      )
      yield* RawLog.write(log)
      const delivered = log.filter(({ version }) => version === 3 || version === 9)
      assert.deepInclude(yield* project(delivered), { applied: 9, healed: 1 })
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
    }))

  it.effect("is what a restored event store may be behind with: then the rest is parked, not awaited", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      yield* RawLog.write([])
      const { parked } = yield* project([commit(stream(1), 4, edited("four"))])
      assert.deepStrictEqual(parked, [{ stream: stream(1), version: 1, cause: "the log has no version 1" }])
    }))
}
