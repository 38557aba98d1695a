import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Clock, Effect, Fiber, Layer, Ref } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { DynamoStreams } from "../../src/platform/DynamoStreams.ts"
import { Reconcile } from "../../src/projections/Reconcile.ts"
import { StreamCheckpoints } from "../../src/projections/StreamCheckpoints.ts"
import { follow } from "../../src/projections/StreamProjection.ts"
import { pglite } from "../engines/databases.ts"
import { SimulatedStream } from "../simulation/engines/dynamo/SimulatedStream.ts"
import { elementOf, integer } from "../support/arbitraries.ts"
import { logs } from "../support/encodedCommits.ts"
import { interleaved, pass } from "../support/following.ts"
import { projectorOn } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"

const steps = Arbitrary.array(
  Arbitrary.all({
    commits: integer(1, 5),
    swapped: elementOf(false, true),
    lost: elementOf(-1, -1, 0, 1),
    isSplit: elementOf(false, true)
  }),
  { maxLength: 6 }
)

const write = Effect.fnUntraced(
  function*(simulated: SimulatedStream, commits: ReadonlyArray<EncodedCommit>, swapped = false) {
    const { commits: log } = yield* RawLog
    yield* Ref.update(log, (all) => [...all, ...commits])
    simulated.put(swapped ? commits.toReversed() : commits, yield* Clock.currentTimeMillis)
  }
)

const reached = Effect.map(
  readModel,
  (found) => ({ found, versions: new Map(found.positions.map(({ stream, version }) => [stream, version])) })
)

describe("The read model behind a stream that does all that streams do", () => {
  it.layer(Reconcile.layer.pipe(Layer.provideMerge(projectorOn(pglite))))((it) => {
    it.effect.prop(
      "ends as the log folds, but for what was lost without a gap; and reconciling cures that",
      { all: logs, steps },
      ({ all, steps }) =>
        Effect.gen(function*() {
          yield* emptyReadModel
          yield* RawLog.write([])
          const simulated = new SimulatedStream()
          const following = Effect.forkChild(
            follow({ table: simulated.table }).pipe(Effect.provideService(DynamoStreams, simulated.service))
          )
          const first = yield* following
          yield* pass(3)
          const rest = interleaved(all).slice()
          const lost = new Set<string>()
          for (const { commits, isSplit, lost: nth, swapped } of steps) {
            const written = rest.splice(0, commits)
            yield* write(simulated, written, swapped)
            const gone = written.filter((_, n) => n === nth).map(({ id }) => id)
            for (const id of gone) lost.add(id)
            simulated.lose(new Set(gone))
            if (isSplit) simulated.split(yield* Clock.currentTimeMillis)
            yield* pass(0.4)
          }
          yield* write(simulated, rest)
          // Of each stream, the last of what arrived: what was lost before it leaves a gap, and is healed.
          const wanted = new Map(
            all.filter(({ id }) => !lost.has(id)).toSorted((one, other) => one.version - other.version)
              .map(({ lastVersion, stream }) => [stream, lastVersion])
          )
          const isThere = (versions: ReadonlyMap<string, number>) =>
            Array.from(wanted).every(([stream, version]) => (versions.get(stream) ?? 0) >= version)
          for (let n = 0; n < 60 && !isThere((yield* reached).versions); n++) yield* pass(1)
          const { found, versions } = yield* reached
          assert(isThere(versions))
          assert.deepStrictEqual(
            found,
            foldReadModel(all.filter(({ lastVersion, stream }) => lastVersion <= (versions.get(stream) ?? 0)))
          )

          // The stream is no longer the one that it was: whoever follows it finds that out by itself.
          yield* Fiber.interrupt(first)
          simulated.recreate()
          const second = yield* following
          const folded = foldReadModel(all)
          for (let n = 0; n < 60 && (yield* readModel).history.length < folded.history.length; n++) yield* pass(1)
          assert.deepStrictEqual(yield* readModel, folded)
          yield* Fiber.interrupt(second)
        }).pipe(Effect.provide(StreamCheckpoints.layer)),
      { arbitrary: { runs: 25 } }
    )
  })
})
