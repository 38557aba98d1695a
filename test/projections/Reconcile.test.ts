import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Ref, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { CommitId } from "../../src/domain/ids.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { loadCheckpoint } from "../../src/projections/checkpoints.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { Reconcile, reconcileFollower } from "../../src/projections/Reconcile.ts"
import { describeEngines } from "../engines/databases.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { deleted, edited, harbour, history, posted, stream } from "../support/encodedCommits.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"
import { project, projectorOn } from "../support/projection.ts"
import { outage, RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import { RecordingCache } from "../support/RecordingCache.ts"

const log = [
  ...history(stream(1), [posted("one")], [edited("two")], [deleted]),
  ...history(stream(2), [posted("other", harbour)]),
  ...history(stream(3), [posted("third")], [edited("third, again")])
]

const scan = Effect.flatMap(Reconcile, (reconcile) => Stream.runCollect(reconcile.scan()))

describeEngines("Reconciling", (engine) => {
  it.layer(Reconcile.layer.pipe(Layer.provideMerge(projectorOn(engine))))((it) => {
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
  })
})

const tailing = Reconcile.layer.pipe(
  Layer.provideMerge(Projector.layer),
  Layer.provideMerge(Layer.mergeAll(MemoryEventStore.layer, RecordingCache.layer))
)

describeEngines("Reconciling a follower", (engine) => {
  it.layer(tailing.pipe(Layer.provideMerge(migratedReadModel(engine))))((it) => {
    it.effect("lets it go on from where the tail was when the scan began", () =>
      Effect.gen(function*() {
        const store = yield* EventStore
        const tail = yield* EventTail
        const sql = yield* SqlClient.SqlClient
        const subject = freshStream()
        const head = yield* store.append(
          yield* store.load(subject, "strong"),
          commitOn(yield* store.load(subject, "strong"), [posted("before")])
        )
        const begun = yield* tail.present
        // Something is written while the scan goes on.
        const meanwhile = CommitId.make("0199a8f0-0000-7000-8000-00000000ffff")
        const progress = yield* reconcileFollower("a-follower").pipe(
          Stream.tap(() => store.append(head, commitOn(head, [edited("meanwhile")], { commitId: meanwhile }))),
          Stream.runCollect
        )
        assert.deepInclude(progress[0], { commits: 1, applied: 1 })
        const saved = Option.getOrThrow(yield* loadCheckpoint(sql, "a-follower"))
        assert.strictEqual(saved, begun)
        const { commits } = yield* tail.read(saved, 10)
        assert.deepStrictEqual(commits.map(({ id }) => id), [meanwhile])
      }))
  })
})
