import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric } from "effect"
import { TestClock } from "effect/testing"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import * as Metrics from "../../src/projections/metrics.ts"
import { pglite } from "../engines/databases.ts"
import { commit, edited, history, posted, stream } from "../support/encodedCommits.ts"
import { project, projectorOn } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel } from "../support/readModel.ts"

const counts = Effect.all({
  events: Effect.map(Metric.value(Metrics.eventsProjected), ({ count }) => count),
  batches: Effect.map(Metric.value(Metrics.batchesProjected), ({ count }) => count),
  gaps: Effect.map(Metric.value(Metrics.gapsHealed), ({ count }) => count),
  parked: Effect.map(Metric.value(Metrics.streamsParked), ({ count }) => count)
})

/** By how much an effect raises the counters. */
const countedBy = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const before = yield* counts
  yield* effect
  const after = yield* counts
  return {
    events: after.events - before.events,
    batches: after.batches - before.batches,
    gaps: after.gaps - before.gaps,
    parked: after.parked - before.parked
  }
})

/** The same commit, at another time: so many milliseconds after the epoch, where the test clock begins. */
const occurredAt = (commit: EncodedCommit, at: number): EncodedCommit => ({
  ...commit,
  events: commit.events.map((event) => ({ ...Object(event), at }))
})

describe("The projector's metrics", () => {
  it.layer(projectorOn(pglite))((it) => {
    it.effect("count what becomes visible, batches, healed gaps and parked streams", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const log = [
          ...history(stream(1), [posted("one")], [edited("two"), edited("three")]),
          commit(stream(2), 1, posted("other"))
        ]
        yield* RawLog.write(log)
        assert.deepStrictEqual(yield* countedBy(project(log.slice(1))), { events: 4, batches: 1, gaps: 1, parked: 0 })
        assert.deepStrictEqual(yield* countedBy(project(log)), { events: 0, batches: 1, gaps: 0, parked: 0 })
        const poison = { ...commit(stream(2), 2, edited("two")), events: [{}] }
        assert.deepStrictEqual(yield* countedBy(project([poison])), { events: 0, batches: 1, gaps: 0, parked: 1 })
        assert.deepStrictEqual(yield* countedBy(project([poison])), { events: 0, batches: 1, gaps: 0, parked: 0 })
      }))

    it.effect("tell how old the newest event was when it became visible", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* TestClock.adjust("1 second")
        yield* project(
          history(stream(1), [posted("one")], [edited("two")]).map((one) => occurredAt(one, 740 + one.version))
        )
        assert.strictEqual((yield* Metric.value(Metrics.projectionLag)).value, 258)
        // A clock that runs behind the writer's makes no negative lag.
        yield* project([occurredAt(commit(stream(1), 3, edited("three")), 1001)])
        assert.strictEqual((yield* Metric.value(Metrics.projectionLag)).value, 0)
      }))

    it.effect("leave the longest wait of a batch to what became of it, over all its transactions", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        yield* TestClock.setTime(10_000)
        const [first, second, third] = history(stream(1), [posted("one")], [edited("two")], [edited("three")])
        assert(first !== undefined && second !== undefined && third !== undefined)
        const log = [occurredAt(first, 9300), occurredAt(second, 9700), occurredAt(third, 9900)]
        const [one, two, three] = log
        assert(one !== undefined && two !== undefined && three !== undefined)
        yield* RawLog.write(log)
        assert.strictEqual((yield* project([three])).lag, 700)
        assert.strictEqual((yield* project([one, two, three])).lag, null)
      }))
  })
})
