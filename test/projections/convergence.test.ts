import { assert, it } from "@effect/vitest"
import { Arbitrary, Effect, Metric, Random } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { conflicts } from "../../src/projections/metrics.ts"
import { describeEngines, describePostgres } from "../engines/databases.ts"
import { integer } from "../support/arbitraries.ts"
import { edited, history, logs, posted, stream } from "../support/encodedCommits.ts"
import { project, projectorOn } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"

/** Batches for one projector: each a list of places in the log, in any order, some more than once. */
const deliveries = Arbitrary.array(Arbitrary.array(integer(0, 29), { maxLength: 8 }), { maxLength: 6 })

const pick = (log: ReadonlyArray<EncodedCommit>, places: ReadonlyArray<number>) =>
  places.flatMap((place) => log[place % log.length] ?? [])

describeEngines("Projectors", (engine) => {
  it.layer(projectorOn(engine))((it) => {
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
  })
})

describePostgres("Many projectors at once", (engine) => {
  it.layer(projectorOn(engine, { maxConnections: 16 }), { excludeTestServices: true })((it) => {
    // Streams of two pictures, so that every batch wants the same counters, and in its own order.
    const log = Array.from(
      { length: 40 },
      (_, n) => history(stream(n), [posted(`comment ${n}`)], [edited("once")], [edited("twice"), edited("thrice")])
    ).flat()

    it.effect("neither deadlock nor drift", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* RawLog.write(log)
        const randomBatches = Effect.gen(function*() {
          for (let rest = yield* Random.shuffle(log); rest.length > 0; rest = rest.slice(17)) {
            yield* project(rest.slice(0, 23))
          }
        })
        yield* Effect.all(Array.from({ length: 8 }, () => randomBatches), { concurrency: 8 })
        assert.deepStrictEqual(yield* readModel, foldReadModel(log))
        // A deadlock would have been repeated silently.
        assert.strictEqual((yield* Metric.value(conflicts)).count, 0)
      }), 60_000)
  })
})
