import { assert, it } from "@effect/vitest"
import { Effect, Metric, Random } from "effect"
import { AuthorId, PictureId } from "../../src/domain/ids.ts"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { conflicts } from "../../src/projections/metrics.ts"
import { convergence } from "../contract/convergence.ts"
import { describeEngines, describePostgres } from "../engines/databases.ts"
import { deleted, edited, history, posted, stream } from "../support/encodedCommits.ts"
import { project, projectorOn } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"

describeEngines("Projectors", (engine) => {
  it.layer(projectorOn(engine))(convergence)
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
