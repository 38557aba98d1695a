import { assert } from "@effect/vitest"
import { Effect, Option, Ref, Stream } from "effect"
import { SqlClient } from "effect/sql"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import type { Projector } from "../../src/projections/Projector.ts"
import { Redrive } from "../../src/projections/Redrive.ts"
import { commit, edited, history, posted, stream, sunset } from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { outage, RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import { RecordingCache } from "../support/RecordingCache.ts"
import type { RedriveIt } from "./projectionSteps.ts"

const broken = (commit: EncodedCommit): EncodedCommit => ({ ...commit, events: commit.events.map(() => ({})) })

const parkedStreams = Effect.flatMap(Redrive, (redrive) => redrive.list({ limit: 100 }))
const redriveOne = (n: number) => Effect.flatMap(Redrive, (redrive) => redrive.one(stream(n)))
const redriveAll = Effect.flatMap(Redrive, ({ all }) => Stream.runCollect(all))

/** Streams 1 to `count`, the second commit of each unreadable; parked, with a third commit that waits. */
const park = Effect.fnUntraced(function*(count: number) {
  yield* emptyReadModel
  const logs = Array.from(
    { length: count },
    (_, n) => history(stream(n + 1), [posted("one")], [edited("two")], [edited("three")])
  )
  yield* RawLog.write(logs.flatMap((commits) => commits.map((one) => (one.version === 2 ? broken(one) : one))))
  const { commits } = yield* RawLog
  // One after the other, so that they are parked in this order.
  yield* Effect.forEach(
    logs,
    (_, n) => Effect.flatMap(Ref.get(commits), (all) => project(all.filter((one) => one.stream === stream(n + 1))))
  )
  return logs.flat()
})

/** What becomes of parked streams that are redriven. */
export const redriving = (it: RedriveIt): void => {
  it.effect("shows what is parked, page by page, the longest parked first", () =>
    Effect.gen(function*() {
      yield* park(3)
      const redrive = yield* Redrive
      const [first, second] = yield* redrive.list({ limit: 2 })
      assert(first !== undefined && second !== undefined)
      const rest = yield* redrive.list({ limit: 2, after: second })
      assert.deepStrictEqual([first, second, ...rest].map(({ stream }) => stream), [stream(1), stream(2), stream(3)])
      assert.deepInclude(first, { position: 1, version: 2, payload: broken(commit(stream(1), 2, edited("two"))) })
      assert.deepStrictEqual(yield* redrive.list({ limit: 2, after: rest[0] ?? second }), [])
    }))

  it.effect("brings a mended stream up to the log's end, also to what was passed over meanwhile", () =>
    Effect.gen(function*() {
      const mended = yield* park(1)
      const late = commit(stream(1), 4, edited("four"))
      yield* project([late])
      yield* RawLog.write([...mended, late])
      yield* RecordingCache.taken
      const { projected } = yield* redriveOne(1)
      assert.deepInclude(projected, { applied: 3, parked: [], pictures: [sunset] })
      assert.deepStrictEqual(yield* parkedStreams, [])
      assert.deepStrictEqual(yield* readModel, foldReadModel([...mended, late]))
      assert.deepStrictEqual(new Set((yield* RecordingCache.taken).flat()), new Set([sunset]))
      // From here on, it is a stream like any other.
      const next = commit(stream(1), 5, edited("five"))
      yield* project([next])
      assert.deepStrictEqual(yield* readModel, foldReadModel([...mended, late, next]))
    }))

  it.effect("misses nothing that arrives, and is passed over, just before the mark goes", () =>
    Effect.gen(function*() {
      const mended = yield* park(1)
      yield* RawLog.write(mended)
      const { commits, meanwhile } = yield* RawLog
      const late = commit(stream(1), 4, edited("four"))
      const context = yield* Effect.context<Projector>()
      const arrive = Ref.set(meanwhile, Effect.void).pipe(
        Effect.andThen(Ref.update(commits, (all) => [...all, late])),
        Effect.andThen(project([late])),
        Effect.map(({ applied }) => assert.strictEqual(applied, 0)),
        Effect.provideContext(context),
        Effect.orDie
      )
      yield* Ref.set(meanwhile, arrive)
      assert.deepInclude((yield* redriveOne(1)).projected, { applied: 3 })
      assert.deepStrictEqual(yield* readModel, foldReadModel([...mended, late]))
    }))

  it.effect("parks again, with the new cause, what still can't be projected", () =>
    Effect.gen(function*() {
      const [first, second, third] = yield* park(1)
      assert(first !== undefined && second !== undefined && third !== undefined)
      yield* RawLog.write([first, second, { ...broken(third), events: [{}, {}] }])
      const { projected } = yield* redriveOne(1)
      assert.deepInclude(projected, { applied: 1 })
      const [parked] = yield* parkedStreams
      assert.deepInclude(parked, { position: 2, version: 3 })
      assert.match(String(parked?.cause), /2 events/)
      assert.deepStrictEqual(yield* readModel, foldReadModel([first, second]))
    }))

  it.effect("of all goes once through those that were parked when it began", () =>
    Effect.gen(function*() {
      const mended = yield* park(4)
      const log = mended.map((one) => (one.stream === stream(3) && one.version === 2 ? broken(one) : one))
      yield* RawLog.write(log)
      const results = yield* redriveAll
      assert.deepStrictEqual(
        results.map(({ projected, stream }) => [stream, projected.applied, projected.parked.length]),
        [[stream(1), 2, 0], [stream(2), 2, 0], [stream(3), 0, 1], [stream(4), 2, 0]]
      )
      assert.deepStrictEqual((yield* parkedStreams).map(({ stream }) => stream), [stream(3)])
      assert.deepStrictEqual(
        yield* readModel,
        foldReadModel(mended.filter((one) => one.stream !== stream(3) || one.version === 1))
      )
    }))

  it.effect("keeps the mark when the log can't be read", () =>
    Effect.gen(function*() {
      yield* park(1)
      const { outage: down } = yield* RawLog
      yield* Ref.set(down, Option.some(outage))
      assert.strictEqual((yield* Effect.flip(redriveOne(1)))._tag, "ProjectionUnavailable")
      assert.lengthOf(yield* parkedStreams, 1)
    }))

  it.effect("clears a mark for which the log has nothing any more", () =>
    Effect.gen(function*() {
      const log = yield* park(1)
      yield* RawLog.write(log.slice(0, 1))
      assert.deepInclude((yield* redriveOne(1)).projected, { applied: 0, parked: [] })
      assert.deepStrictEqual(yield* parkedStreams, [])
      assert.lengthOf(yield* Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1 FROM comments`), 1)
    }))
}
