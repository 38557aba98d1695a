import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { CommitId } from "../../src/domain/ids.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { loadCheckpoint } from "../../src/projections/checkpoints.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { Reconcile, reconcileFollower } from "../../src/projections/Reconcile.ts"
import { reconciling } from "../contract/reconciling.ts"
import { describeEngines } from "../engines/databases.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"
import { projectorOn } from "../support/projection.ts"
import { RecordingCache } from "../support/RecordingCache.ts"

describeEngines("Reconciling", (engine) => {
  it.layer(Reconcile.layer.pipe(Layer.provideMerge(projectorOn(engine))))(reconciling)
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
