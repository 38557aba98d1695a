import { assert, it } from "@effect/vitest"
import { Arbitrary, Effect, Metric, Random } from "effect"
import { AuthorId, PictureId } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { conflicts } from "../../src/projections/metrics.ts"
import { describeEngines, describePostgres } from "../engines/databases.ts"
import { integer } from "../support/arbitraries.ts"
import { deleted, edited, history, logs, posted, stream } from "../support/encodedCommits.ts"
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
    // Few pictures and few authors, so that all batches want the same counters, each in an order of its own.
    const logOf = (comments: number) =>
      Array.from({ length: comments }, (_, n) =>
        history(
          stream(n),
          [posted(`comment ${n}`, PictureId.make(`picture-${n % 7}`), AuthorId.make(`author-${n % 5}`))],
          [edited("once"), edited("twice")],
          ...(n % 3 === 0 ? [[deleted] as const] : [])
        ))

    const projectAtOnce = Effect.fnUntraced(function*(
      log: ReadonlyArray<EncodedCommit>,
      shares: ReadonlyArray<ReadonlyArray<EncodedCommit>>
    ) {
      yield* emptyReadModel
      yield* RawLog.write(log)
      const before = (yield* Metric.value(conflicts)).count
      yield* Effect.forEach(
        shares,
        Effect.fnUntraced(function*(share) {
          for (let rest = yield* Random.shuffle(share); rest.length > 0; rest = rest.slice(9)) {
            yield* project(rest.slice(0, 13))
          }
        }),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
      // A deadlock would have been repeated silently.
      assert.strictEqual((yield* Metric.value(conflicts)).count - before, 0)
    })

    it.effect("neither deadlock nor drift while all of them project everything", () => {
      const log = logOf(60).flat()
      return projectAtOnce(log, Array.from({ length: 8 }, () => log))
    }, 60_000)

    it.effect("neither deadlock nor drift while each projects other comments on the same pictures", () => {
      const comments = logOf(480)
      const shares = Array.from({ length: 8 }, (_, one) => comments.filter((_, n) => n % 8 === one).flat())
      return projectAtOnce(comments.flat(), shares)
    }, 60_000)
  })
})
