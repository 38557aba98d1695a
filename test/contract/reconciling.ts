import { assert } from "@effect/vitest"
import { Effect, Option, Ref, Stream } from "effect"
import { Reconcile } from "../../src/projections/Reconcile.ts"
import { deleted, edited, harbour, history, posted, stream } from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { outage, RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import type { ReconcileIt } from "./projectionSteps.ts"

const log = [
  ...history(stream(1), [posted("one")], [edited("two")], [deleted]),
  ...history(stream(2), [posted("other", harbour)]),
  ...history(stream(3), [posted("third")], [edited("third, again")])
]

const scan = Effect.flatMap(Reconcile, (reconcile) => Stream.runCollect(reconcile.scan()))

/** What a scan of the log brings into the read model. */
export const reconciling = (it: ReconcileIt): void => {
  it.effect("projects all that the read model has missed, and tells how far it has come", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      yield* RawLog.write(log)
      yield* project(log.slice(0, 1))
      const progress = yield* scan
      assert.deepStrictEqual(progress.map(({ applied, commits, parked }) => [commits, applied, parked]), [
        [3, 2, 0],
        [6, 5, 0]
      ])
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
    }))

  it.effect("changes nothing in a read model that has missed nothing", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      yield* RawLog.write(log)
      yield* project(log)
      const progress = yield* scan
      assert.deepInclude(progress.at(-1), { commits: 6, applied: 0 })
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
    }))

  it.effect("goes on where it was stopped", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      yield* RawLog.write(log)
      const { outage: down } = yield* RawLog
      const reconcile = yield* Reconcile
      const reached = yield* reconcile.scan().pipe(
        Stream.tap(() => Ref.set(down, Option.some(outage))),
        Stream.catch(() => Stream.empty),
        Stream.runLast
      )
      yield* Ref.set(down, Option.none())
      assert.deepInclude(Option.getOrThrow(reached), { commits: 3 })
      const rest = yield* Stream.runCollect(reconcile.scan(Option.getOrThrow(reached).checkpoint))
      assert.deepInclude(rest.at(-1), { commits: 3, applied: 3 })
      assert.deepStrictEqual(yield* readModel, foldReadModel(log))
    }))
}
