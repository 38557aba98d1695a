import { assert } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { integer } from "../support/arbitraries.ts"
import { logs } from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import type { It } from "./projectionSteps.ts"

/** Batches for one projector: each a list of places in the log, in any order, some more than once. */
const deliveries = Arbitrary.array(Arbitrary.array(integer(0, 29), { maxLength: 8 }), { maxLength: 6 })

const pick = (log: ReadonlyArray<EncodedCommit>, places: ReadonlyArray<number>) =>
  places.flatMap((place) => log[place % log.length] ?? [])

/** That deliveries of any kind end in the same rows. */
export const convergence = (it: It): void => {
  it.effect.prop(
    "end in the same rows and counts, however commits are batched, repeated, reordered and shared between two of them",
    { log: logs, one: deliveries, other: deliveries },
    ({ log, one, other }) =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* RawLog.write(log)
        const deliver = (batches: ReadonlyArray<ReadonlyArray<number>>) =>
          Effect.forEach(batches, (places) => project(pick(log, places)), { discard: true })
        yield* Effect.all([deliver(one), deliver(other)], { concurrency: 2 })
        // What neither of them was given arrives at last, newest first.
        yield* project(log.toReversed())
        assert.deepStrictEqual(yield* readModel, foldReadModel(log))
      }),
    { arbitrary: { runs: 60 } }
  )

  it.effect.prop(
    "have, after any batch, projected a beginning of each stream with all that was in the batch, and nothing else",
    { log: logs, batch: Arbitrary.array(integer(0, 29), { maxLength: 12 }) },
    ({ batch, log }) =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* RawLog.write(log)
        const delivered = pick(log, batch)
        yield* project(delivered)
        const found = yield* readModel
        const reached = new Map(found.positions.map(({ stream, version }) => [stream, version]))
        const isVisible = ({ lastVersion, stream }: EncodedCommit) => lastVersion <= (reached.get(stream) ?? 0)
        assert(delivered.every(isVisible))
        assert.deepStrictEqual(found, foldReadModel(log.filter(isVisible)))
      }),
    { arbitrary: { runs: 40 } }
  )
}
