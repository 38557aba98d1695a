import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Logger, Metric, Option, Ref, References } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { loadCheckpoint } from "../../src/projections/checkpoints.ts"
import { projectionLag } from "../../src/projections/metrics.ts"
import { nothingProjected } from "../../src/projections/Projected.ts"
import { ProjectionUnavailable } from "../../src/projections/ProjectionUnavailable.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { follow } from "../../src/projections/TailProjection.ts"
import { pglite } from "../engines/databases.ts"
import { freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { migratedReadModel } from "../support/migratedReadModel.ts"
import { quiet } from "../support/projection.ts"
import { append, wholeLog } from "../support/tailing.ts"

/** A projector that only remembers what it was given, and does first what a test wants it to. */
class Given extends Context.Service<Given, {
  readonly commits: Ref.Ref<ReadonlyArray<string>>
  readonly batches: Ref.Ref<number>
  readonly first: Ref.Ref<Effect.Effect<void, ProjectionUnavailable>>
}>()("marginalia/test/projections/Given") {
  static readonly layer: Layer.Layer<Given | Projector> = Layer.effectContext(
    Effect.gen(function*() {
      const commits = yield* Ref.make<ReadonlyArray<string>>([])
      const batches = yield* Ref.make(0)
      const first = yield* Ref.make<Effect.Effect<void, ProjectionUnavailable>>(Effect.void)
      const projector = Projector.of({
        project: (batch) =>
          Effect.flatten(Ref.get(first)).pipe(
            Effect.andThen(Ref.update(commits, (all) => [...all, ...batch.map(({ id }) => id)])),
            Effect.andThen(Ref.update(batches, (n) => n + 1)),
            Effect.as(nothingProjected)
          ),
        redrive: () => Effect.succeed(nothingProjected)
      })
      return Context.make(Given, Given.of({ commits, batches, first })).pipe(Context.add(Projector, projector))
    })
  )
}

// Each test has a log and a projector of its own; only the database is shared.
const logAndProjector = Layer.fresh(Layer.mergeAll(MemoryEventStore.layer, Given.layer))

const saved = (name: string) => Effect.flatMap(SqlClient.SqlClient, (sql) => loadCheckpoint(sql, name))
const given = Effect.flatMap(Given, ({ commits }) => Ref.get(commits))
const idsInLog = Effect.map(wholeLog, (commits) => commits.map(({ id }) => id))
const untilAllGiven = Effect.flatMap(
  idsInLog,
  (ids) =>
    Effect.repeat(Effect.andThen(TestClock.adjust("1 second"), given), { until: (given) => given.length >= ids.length })
)

const outage = new EventStoreUnavailable({ operation: "tail", outcome: "nothing", cause: "an outage" })

describe("A follower of the log", () => {
  it.layer(migratedReadModel(pglite).pipe(Layer.provideMerge(quiet)))((it) => {
    it.effect("tries again until it can, loses nothing, and says once that it can't and once that it can again", () =>
      Effect.gen(function*() {
        const { first } = yield* Given
        const tail = yield* EventTail
        const failures = yield* Ref.make(0)
        const said: Array<unknown> = []
        const failing = <E>(error: E) => Effect.andThen(Ref.update(failures, (n) => n + 1), Effect.fail(error))
        const isDown = yield* Ref.make(true)
        const flaky = EventTail.of({
          ...tail,
          read: (after, limit) =>
            Effect.flatMap(Ref.get(isDown), (down) => (down ? failing(outage) : tail.read(after, limit)))
        })
        yield* Ref.set(first, failing(new ProjectionUnavailable({ cause: "an outage" })))
        yield* append(freshStream(), posted("one"), edited("two"))
        const fiber = yield* follow({ name: "patient" }).pipe(
          Effect.provideService(EventTail, flaky),
          Effect.provideService(References.MinimumLogLevel, "Info"),
          Effect.provide(Logger.layer([
            Logger.make(({ message }) => {
              said.push(message)
            })
          ])),
          Effect.forkChild
        )
        const untilFailed = (times: number) =>
          Effect.repeat(Effect.andThen(TestClock.adjust("1 second"), Ref.get(failures)), { until: (n) => n >= times })
        yield* untilFailed(4)
        yield* Ref.set(isDown, false)
        yield* untilFailed(12)
        // While nothing can be projected the lag grows.
        assert.isAbove((yield* Metric.value(projectionLag)).value, 10_000)
        assert.deepStrictEqual(yield* given, [])
        yield* Ref.set(first, Effect.void)
        yield* untilAllGiven
        assert.deepStrictEqual(yield* given, yield* idsInLog)
        yield* Fiber.interrupt(fiber)
        const sentences = said.flat().filter((part) => typeof part === "string")
        assert.deepStrictEqual(sentences, [
          "The read model can't follow the log at present, and tries again until it can",
          "The read model follows the log again"
        ])
      }).pipe(Effect.provide(logAndProjector)))

    it.effect("survives what should never happen", () =>
      Effect.gen(function*() {
        const { first } = yield* Given
        yield* Ref.set(first, Effect.die(new Error("a mistake")))
        yield* append(freshStream(), posted("one"))
        const fiber = yield* Effect.forkChild(follow({ name: "surviving" }))
        yield* TestClock.adjust("1 minute")
        yield* Ref.set(first, Effect.void)
        yield* untilAllGiven
        assert.deepStrictEqual(yield* given, yield* idsInLog)
        yield* Fiber.interrupt(fiber)
      }).pipe(Effect.provide(logAndProjector)))

    it.effect("finishes the batch that it has begun when it is told to end, and saves how far it came", () =>
      Effect.gen(function*() {
        const { first } = yield* Given
        const tail = yield* EventTail
        const begun = yield* Deferred.make<void>()
        const goOn = yield* Deferred.make<void>()
        yield* Ref.set(first, Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(goOn)))
        yield* append(freshStream(), posted("one"), edited("two"))
        const fiber = yield* Effect.forkChild(follow({ name: "orderly" }))
        yield* Deferred.await(begun)
        fiber.interruptUnsafe()
        yield* Deferred.succeed(goOn, undefined)
        yield* Fiber.await(fiber)
        assert.deepStrictEqual(yield* given, yield* idsInLog)
        assert.deepStrictEqual(yield* saved("orderly"), Option.some(yield* tail.present))
      }).pipe(Effect.provide(logAndProjector)))

    it.effect("projects at most 500 commits at once", () =>
      Effect.gen(function*() {
        const { batches } = yield* Given
        yield* append(freshStream(), posted("one"), ...Array.from({ length: 1200 }, (_, n) => edited(`edit ${n}`)))
        const fiber = yield* Effect.forkChild(follow({ name: "bounded" }))
        yield* untilAllGiven
        yield* Fiber.interrupt(fiber)
        assert.strictEqual(yield* Ref.get(batches), 3)
      }).pipe(Effect.provide(logAndProjector)))

    it.effect("saves its checkpoint at most once a second", () =>
      Effect.gen(function*() {
        const tail = yield* EventTail
        const subject = freshStream()
        const fiber = yield* Effect.forkChild(follow({ name: "sparing" }))
        // The clock stands still: nothing but appends wakes the follower.
        for (const event of [posted("one"), edited("two"), edited("three")]) {
          yield* append(subject, event)
          const ids = yield* idsInLog
          yield* Effect.repeat(Effect.andThen(Effect.yieldNow, given), { until: (given) => given.length >= ids.length })
        }
        assert.deepStrictEqual(yield* saved("sparing"), Option.none())
        const present = yield* tail.present
        yield* Effect.repeat(Effect.andThen(TestClock.adjust("1 second"), saved("sparing")), { until: Option.isSome })
        assert.deepStrictEqual(yield* saved("sparing"), Option.some(present))
        yield* Fiber.interrupt(fiber)
      }).pipe(Effect.provide(logAndProjector)))
  })
})
